//! What follows from the events of the settings: parameters, flags, releases, anchors, and whose doing it was.

use crate::{
    chain::{Chain, person, proposal, share},
    contradictions::refusal,
    database::{Database, mirrored},
};
use interfaces::{
    Moment, ProposalId,
    governor::{Kind, ProposalExecuted},
    key::Key,
    settings::{
        Anchor, Anchored, Bounds, Change, Control, Course, Definition, FlagSet, FlagSteered, ParameterDefined,
        ParameterRetired, ParameterSet, ReleaseApproved, ReleaseReported, ReleaseRevoked, Report, Stage, Step,
        Strategy, Value,
    },
};
use scale::{Decode, Encode};

fn key(name: &str) -> Key {
    Key::new(name).expect("a key")
}

fn definition(owner: Kind) -> Definition {
    Definition { owner, bounds: Bounds::Integer { least: 0, most: 10 }, note: "For good.".to_owned() }
}

fn defined(name: &str, value: i128) -> ParameterDefined {
    ParameterDefined { key: key(name), definition: definition(Kind::ParameterChange), value: Value::Integer(value) }
}

/// A course: a value, and another from a moment on.
fn course(value: i128, next: Option<(Moment, i128)>) -> Course {
    let next = next.map(|(from, value)| Change { from, value: Value::Integer(value) });
    Course { value: Some(Value::Integer(value)), next }
}

fn set(name: &str, course: Course) -> ParameterSet {
    ParameterSet { key: key(name), course }
}

fn control(exposure: u16, killed: bool) -> Control {
    Control { owner: Kind::ParameterChange, ceiling: share(1_000), exposure: share(exposure), killed }
}

fn flag(body: &str, exposure: u16, killed: bool) -> FlagSet {
    FlagSet { flag: key("search"), control: control(exposure, killed), body: body.to_owned() }
}

fn steered(exposure: u16, killed: bool) -> FlagSteered {
    FlagSteered { flag: key("search"), by: person(4), control: control(exposure, killed) }
}

fn canary() -> Strategy {
    Strategy::Canary { steps: vec![Step { exposure: share(100), hold: 50 }], thresholds: Vec::new() }
}

fn approved(release: u32, strategy: Strategy) -> ReleaseApproved {
    ReleaseApproved { release, component: key("api"), digest: [4; 32].into(), strategy, expires: Moment::MAX }
}

fn reported(release: u32, report: Report, stage: Stage) -> ReleaseReported {
    ReleaseReported { release, by: person(4), report, stage }
}

fn anchored(origin: &str, number: u32, size: u64, at: Moment) -> Anchored {
    Anchored { origin: key(origin), by: person(5), number, anchor: Anchor { size, root: [6; 32].into(), at } }
}

fn executed(proposal: ProposalId) -> ProposalExecuted {
    ProposalExecuted { proposal, executor: person(1), spent: 0 }
}

/// A parameter that all that can be is done to, and the changes that come to it by time alone.
fn parameter() -> Chain {
    let mut chain = Chain::new();
    chain
        .block(10, |block| block.settings(&defined("fee", 1)))
        .block(20, |block| block.settings(&set("fee", course(1, Some((50, 2))))))
        .block(30, |block| block.settings(&set("fee", course(3, Some((50, 2))))))
        .empty(55)
        // By now, 2 is in force.
        .block(60, |block| block.settings(&set("fee", course(2, Some((100, 4))))))
        .block(65, |block| block.settings(&set("fee", course(2, Some((110, 5))))))
        .block(70, |block| block.settings(&set("fee", course(2, None))))
        .block(80, |block| block.settings(&ParameterRetired { key: key("fee") }))
        .block(90, |block| {
            let definition = definition(Kind::CommunityInitiative);
            block.settings(&ParameterDefined { key: key("fee"), definition, value: Value::Integer(6) });
            block.settings(&set("fee", course(7, None)));
        })
        .empty(200);
    chain
}

/// The history of the parameter, decoded: when what was done, and the course from then on.
async fn history(database: &Database) -> Vec<(Moment, String, Course)> {
    let rows: Vec<(i64, String, Vec<u8>)> = sqlx::query_as(
        "SELECT moment, action, course FROM mirror.parameter_history WHERE key = 'fee' ORDER BY height, index",
    )
    .fetch_all(&database.pool)
    .await
    .expect("the query is right");
    let row = |(moment, action, course): (i64, String, Vec<u8>)| {
        let course = Course::decode(&mut &course[..]).expect("a course");
        (moment.try_into().expect("a moment"), action, course)
    };
    rows.into_iter().map(row).collect()
}

#[tokio::test]
async fn a_parameter_keeps_all_that_was_ever_done_to_it() {
    let database = mirrored(&parameter()).await;
    let expected = [
        (10, "define", course(1, None)),
        (20, "schedule", course(1, Some((50, 2)))),
        (30, "set", course(3, Some((50, 2)))),
        (60, "schedule", course(2, Some((100, 4)))),
        (65, "schedule", course(2, Some((110, 5)))),
        (70, "cancel", course(2, None)),
        (80, "retire", Course::default()),
        (90, "define", course(6, None)),
        (90, "set", course(7, None)),
    ];
    let expected = expected.map(|(moment, action, course)| (moment, action.to_owned(), course));
    assert_eq!(history(&database).await, expected);
    let stands = database.text("SELECT concat_ws(' ', key, owner, height, moment) FROM mirror.parameters").await;
    assert_eq!(stands, "fee community_initiative 18 90");
    let course_now = database.text("SELECT encode(course, 'hex') FROM mirror.parameters").await;
    assert_eq!(course_now, course(7, None).encode().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}

#[tokio::test]
async fn the_value_at_any_past_moment_follows_from_the_history() {
    let history = history(&mirrored(&parameter()).await).await;
    // As the contract answers: by what was last written until then.
    let value_at = |moment| {
        let written = history.iter().rev().find(|(since, ..)| *since <= moment);
        match written.and_then(|(.., course)| course.clone().at(moment)) {
            Some(Value::Integer(value)) => Some(value),
            None => None,
            other => panic!("{other:?}"),
        }
    };
    for (moment, value) in [
        (9, None),
        (10, Some(1)),
        (29, Some(1)),
        (30, Some(3)),
        (49, Some(3)),
        (50, Some(2)),
        (79, Some(2)),
        (80, None),
        (90, Some(7)),
        (199, Some(7)),
    ] {
        assert_eq!(value_at(moment), value, "at {moment}");
    }
}

#[tokio::test]
async fn what_leaves_a_parameter_as_it_was_counts_as_setting_it() {
    let mut chain = Chain::new();
    chain
        .block(10, |block| block.settings(&defined("fee", 1)))
        .block(20, |block| block.settings(&set("fee", course(1, None))));
    let actions: Vec<_> = history(&mirrored(&chain).await).await.into_iter().map(|(_, action, _)| action).collect();
    assert_eq!(actions, ["define", "set"]);
}

#[tokio::test]
async fn orders_belong_to_the_execution_that_gave_them() {
    let mut chain = Chain::new();
    chain.block(1, |block| (0..4).for_each(|number| block.propose(&proposal(number, 1)))).block(2, |block| {
        // Two executions in one extrinsic, as a batch call makes them; one in another, with what an operator does; and
        // orders that no execution claims.
        block.settings(&defined("a", 1));
        block.settings(&set("a", course(2, None)));
        block.governor(&executed(0));
        block.settings(&ParameterRetired { key: key("a") });
        block.settings(&flag("{}", 0, false));
        block.extrinsic(2).settings(&steered(5, false));
        block.extrinsic(1).governor(&executed(1));
        block.extrinsic(2).settings(&approved(0, Strategy::BlueGreen));
        block.settings(&ReleaseRevoked { release: 0 });
        block.governor(&executed(2));
        block.settings(&defined("b", 1));
        block.extrinsic(3).settings(&defined("c", 1));
    });
    chain.block(3, |block| block.extrinsic(3).governor(&executed(3)));
    let database = mirrored(&chain).await;
    let of = |table: &str, what: &str| {
        format!(
            "SELECT concat_ws(' ', {what}, coalesce(proposal::text, '-')) FROM mirror.{table} ORDER BY height, index"
        )
    };
    let parameters = database.list(&of("parameter_history", "key, action")).await;
    assert_eq!(parameters, "a define 0, a set 0, a retire 1, b define -, c define -");
    assert_eq!(database.list(&of("flag_history", "action")).await, "set 1, expose -");
    assert_eq!(database.list(&of("releases", "release")).await, "0 2");
    assert_eq!(database.list(&of("release_reports", "report")).await, "revoked 2");
}

#[tokio::test]
async fn flags_are_set_by_governance_and_steered_by_operators() {
    let mut chain = Chain::new();
    chain
        .block(10, |block| block.settings(&flag("a\0b", 0, false)))
        .block(20, |block| block.settings(&steered(700, false)))
        .block(30, |block| block.settings(&steered(0, true)))
        .block(40, |block| block.settings(&flag("{}", 0, true)))
        .block(50, |block| block.settings(&steered(0, false)));
    let database = mirrored(&chain).await;
    let history = database.list(
        "SELECT concat_ws(' ', action, get_byte(operator, 0) - 100, owner, ceiling_bps, exposure_bps, killed, body, moment)
         FROM mirror.flag_history ORDER BY height, index",
    );
    assert_eq!(
        history.await,
        "set parameter_change 1000 0 f a\u{fffd}b 10, expose 4 parameter_change 1000 700 f 20, \
         kill 4 parameter_change 1000 0 t 30, set parameter_change 1000 0 t {} 40, \
         revive 4 parameter_change 1000 0 f 50"
    );
    let stands = "SELECT concat_ws(' ', key, owner, ceiling_bps, exposure_bps, killed, body, height) FROM mirror.flags";
    assert_eq!(database.list(stands).await, "search parameter_change 1000 0 f {} 14");
}

#[tokio::test]
async fn releases_come_as_far_as_they_are_reported() {
    let running = |passed, since| Stage::Running { passed, since };
    let mut chain = Chain::new();
    chain
        .block(10, |block| (0..4).for_each(|release| block.settings(&approved(release, canary()))))
        .block(20, |block| {
            block.settings(&reported(0, Report::Started, running(0, 20)));
            block.settings(&reported(1, Report::Started, running(0, 20)));
        })
        .block(70, |block| {
            block.settings(&reported(0, Report::StepPassed(0), running(1, 70)));
            block.settings(&reported(1, Report::RolledBack, Stage::RolledBack));
            block.settings(&ReleaseRevoked { release: 3 });
        })
        .block(80, |block| {
            block.settings(&reported(0, Report::Completed, Stage::Completed));
            block.settings(&reported(2, Report::Started, running(0, 80)));
        });
    let database = mirrored(&chain).await;
    let stands =
        "SELECT concat_ws(' ', release, component, stage, passed, since, height) FROM mirror.releases ORDER BY release";
    assert_eq!(
        database.list(stands).await,
        "0 api completed 10, 1 api rolled_back 10, 2 api running 0 80 10, 3 api revoked 10"
    );
    let reports = "SELECT concat_ws(' ', release, report, step, get_byte(operator, 0) - 100, moment)
                   FROM mirror.release_reports ORDER BY release, height, index";
    assert_eq!(
        database.list(reports).await,
        "0 started 4 20, 0 step_passed 0 4 70, 0 completed 4 80, 1 started 4 20, 1 rolled_back 4 70, 2 started 4 80, \
         3 revoked 70"
    );
}

#[tokio::test]
async fn logs_are_anchored_one_after_the_other() {
    let mut chain = Chain::new();
    chain
        .block(10, |block| {
            block.settings(&anchored("a", 0, 1, 10));
            block.settings(&anchored("a", 1, 5, 10));
        })
        .block(20, |block| {
            block.settings(&anchored("b", 0, u64::MAX, 20));
            block.settings(&anchored("a", 2, 6, 20));
        });
    let database = mirrored(&chain).await;
    let origins = "SELECT concat_ws(' ', origin, times) FROM mirror.origins ORDER BY origin";
    assert_eq!(database.list(origins).await, "a 3, b 1");
    let anchors = "SELECT concat_ws(' ', origin, number, size, get_byte(root, 0), get_byte(account, 0) - 100, moment)
                   FROM mirror.anchors ORDER BY origin, number";
    assert_eq!(
        database.list(anchors).await,
        format!("a 0 1 6 5 10, a 1 5 6 5 10, a 2 6 6 5 20, b 0 {} 6 5 20", u64::MAX)
    );
}

/// One of each, from which everything else must follow.
fn told() -> Chain {
    let mut chain = Chain::new();
    chain.block(10, |block| {
        block.settings(&defined("fee", 1));
        block.settings(&defined("old", 1));
        block.settings(&ParameterRetired { key: key("old") });
        block.settings(&flag("{}", 0, true));
        block.settings(&approved(0, canary()));
        block.settings(&anchored("a", 0, 5, 10));
    });
    chain
}

#[tokio::test]
async fn what_was_never_defined_or_is_retired_cannot_be_set() {
    let event = set("none", course(1, None));
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "there is no parameter none");
    let event = set("old", course(1, None));
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "parameter old is retired");
    let event = ParameterRetired { key: key("old") };
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "parameter old is retired");
}

#[tokio::test]
async fn a_parameter_is_not_set_to_nothing_nor_set_and_scheduled_at_once() {
    let event = set("fee", Course::default());
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "parameter fee was set to nothing");
    let event = set("fee", course(2, Some((60_000, 3))));
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "parameter fee was set and its change to come changed at once");
}

#[tokio::test]
async fn a_flag_is_steered_within_what_governance_set() {
    let event = FlagSteered { flag: key("none"), ..steered(0, false) };
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "there is no flag none");
    let event = steered(0, true);
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "flag search is killed, and was steered");
    let event = FlagSteered { control: Control { ceiling: share(2_000), ..control(0, false) }, ..steered(0, false) };
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "an operator changed more of flag search than its exposure");
}

#[tokio::test]
async fn a_release_comes_no_further_than_its_reports() {
    let event = approved(0, canary());
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "there is a release 0 already");
    let event = reported(7, Report::Started, Stage::Completed);
    assert_eq!(refusal(told(), |block| block.settings(&event)).await, "there is no release 7");
    assert_eq!(refusal(told(), |block| block.settings(&ReleaseRevoked { release: 7 })).await, "there is no release 7");
    let event = reported(0, Report::Completed, Stage::Completed);
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "release 0 cannot have come so far by this report");
}

#[tokio::test]
async fn an_anchor_follows_the_one_before_it() {
    let event = anchored("a", 2, 6, 50_000);
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "anchor 2 of a does not follow the one before it");
    let event = anchored("b", 1, 6, 50_000);
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "anchor 1 of b does not follow the one before it");
    let event = anchored("a", 1, 4, 50_000);
    let reason = refusal(told(), |block| block.settings(&event)).await;
    assert_eq!(reason, "the log of a cannot have become this: a larger log was anchored already, and a log only grows");
}
