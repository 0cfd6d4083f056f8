//! Releases: approved by protocol upgrades, reported by operators.

use super::{Desk, Done, OPERATOR, UPGRADE, key};
use crate::{
    message,
    world::{START, id, share},
};
use interfaces::{
    Hash, Moment,
    settings::{
        Decimal, Limit, Release, ReleaseApproved, ReleaseId, ReleaseReported, ReleaseRevoked, Report, SettingsError,
        Stage, Step, Strategy, Threshold, limits,
    },
};

/// When approvals are over.
const EXPIRES: Moment = START + 10_000;
/// How long a step is held.
const HOLD: u64 = 100;

fn threshold() -> Threshold {
    Threshold { metric: key("errors.rate"), limit: Limit::AtMost(Decimal { units: 1, scale: 2 }) }
}

fn canary(steps: usize, thresholds: usize) -> Strategy {
    let steps = vec![Step { exposure: share(500), hold: HOLD }; steps];
    Strategy::Canary { steps, thresholds: vec![threshold(); thresholds] }
}

fn release(strategy: Strategy) -> Release {
    Release { component: key("api"), digest: Hash::from([0xd1; 32]), strategy, expires: EXPIRES }
}

impl Desk {
    fn approve(&mut self, release: &Release) -> Result<ReleaseId, SettingsError> {
        self.order(message!("Releases::approve_release", UPGRADE, release))
    }

    fn report(&mut self, report: Report) -> Done {
        self.send(&OPERATOR, message!("Releases::report", 0_u32, report))
    }

    fn reported(&mut self, report: Report) {
        assert_eq!(self.report(report), Ok(()), "{report:?}");
    }

    fn revoke(&mut self) -> Done {
        self.order(message!("Releases::revoke", UPGRADE, 0_u32))
    }

    fn stage(&mut self) -> Option<Stage> {
        self.ask(message!("Releases::stage", 0_u32))
    }

    /// This is refused at the present stage, and changes nothing.
    #[track_caller]
    fn out_of_order(&mut self, reports: &[Report]) {
        let stage = self.stage().expect("it was approved");
        for report in reports {
            assert_eq!(self.report(*report), Err(SettingsError::WrongStage(stage)), "{report:?}");
        }
        assert_eq!(self.stage(), Some(stage));
    }
}

/// An approved release.
fn approved(strategy: Strategy) -> Desk {
    let mut desk = Desk::new();
    assert_eq!(desk.approve(&release(strategy)), Ok(0));
    desk
}

const ALL: [Report; 5] =
    [Report::Started, Report::StepPassed(0), Report::StepPassed(1), Report::Completed, Report::RolledBack];

#[test]
fn a_protocol_upgrade_approves_releases_and_they_are_numbered() {
    let mut desk = approved(canary(2, 1));
    let Release { component, digest, strategy, expires } = release(canary(2, 1));
    desk.world.expect_events(&[ReleaseApproved { release: 0, component, digest, strategy, expires }]);
    assert_eq!(desk.approve(&release(Strategy::BlueGreen)), Ok(1));
    let known: [Option<Release>; 3] = [0_u32, 1, 2].map(|number| desk.ask(message!("Releases::release", number)));
    assert_eq!(known, [Some(release(canary(2, 1))), Some(release(Strategy::BlueGreen)), None]);
    assert_eq!((desk.stage(), desk.ask::<u32>(message!("Releases::release_count"))), (Some(Stage::Approved), 2));
}

#[test]
fn no_other_kind_approves_or_revokes_and_nobody_but_the_governor_does() {
    let mut desk = approved(Strategy::BlueGreen);
    let asked = release(Strategy::BlueGreen);
    desk.only_kind::<ReleaseId>(UPGRADE, |kind| message!("Releases::approve_release", kind, &asked));
    desk.only_kind::<()>(UPGRADE, |kind| message!("Releases::revoke", kind, 0_u32));
    desk.only_governor::<ReleaseId>(&message!("Releases::approve_release", UPGRADE, &asked));
    desk.only_governor::<()>(&message!("Releases::revoke", UPGRADE, 0_u32));
    assert_eq!(desk.stage(), Some(Stage::Approved));
}

#[test]
fn nobody_but_an_operator_reports() {
    let mut desk = approved(Strategy::BlueGreen);
    for report in ALL {
        desk.only_operator(&message!("Releases::report", 0_u32, report));
    }
}

#[test]
fn a_canary_goes_step_by_step() {
    let mut desk = approved(canary(2, 0));
    desk.out_of_order(&[Report::StepPassed(0), Report::Completed, Report::RolledBack]);
    desk.reported(Report::Started);
    let since = desk.world.now();
    let stage = Stage::Running { passed: 0, since };
    let by = id(&OPERATOR);
    desk.world.expect_events(&[ReleaseReported { release: 0, by, report: Report::Started, stage }]);
    desk.out_of_order(&[Report::Started, Report::StepPassed(1), Report::Completed]);
    desk.world.wait(HOLD);
    desk.reported(Report::StepPassed(0));
    assert_eq!(desk.stage(), Some(Stage::Running { passed: 1, since: since + HOLD }));
    desk.world.wait(HOLD);
    desk.out_of_order(&[Report::StepPassed(0), Report::StepPassed(2), Report::Completed]);
    desk.reported(Report::StepPassed(1));
    desk.out_of_order(&[Report::Started, Report::StepPassed(1), Report::StepPassed(2)]);
    desk.reported(Report::Completed);
    assert_eq!(desk.stage(), Some(Stage::Completed));
    desk.out_of_order(&ALL);
}

#[test]
fn a_step_is_held_for_as_long_as_was_approved() {
    let mut desk = approved(canary(2, 0));
    desk.reported(Report::Started);
    desk.world.wait(HOLD - 1);
    assert_eq!(desk.report(Report::StepPassed(0)), Err(SettingsError::TooEarly));
    desk.world.wait(1);
    desk.reported(Report::StepPassed(0));
    assert_eq!(desk.report(Report::StepPassed(1)), Err(SettingsError::TooEarly));
}

#[test]
fn blue_green_has_no_steps() {
    let mut desk = approved(Strategy::BlueGreen);
    desk.reported(Report::Started);
    desk.out_of_order(&[Report::Started, Report::StepPassed(0)]);
    desk.reported(Report::Completed);
    assert_eq!(desk.stage(), Some(Stage::Completed));
}

#[test]
fn what_has_failed_is_rolled_back_and_over() {
    for strategy in [Strategy::BlueGreen, canary(2, 0)] {
        let mut desk = approved(strategy);
        desk.reported(Report::Started);
        desk.reported(Report::RolledBack);
        assert_eq!(desk.stage(), Some(Stage::RolledBack));
        desk.out_of_order(&ALL);
    }
}

#[test]
fn nothing_is_reported_of_what_has_expired() {
    let mut desk = approved(Strategy::BlueGreen);
    desk.world.at(EXPIRES - 1);
    desk.reported(Report::Started);
    desk.world.at(EXPIRES);
    for report in ALL {
        assert_eq!(desk.report(report), Err(SettingsError::Expired));
    }
}

#[test]
fn governance_revokes_a_release_at_any_stage_but_once() {
    let to_there: [&[Report]; 4] =
        [&[], &[Report::Started], &[Report::Started, Report::Completed], &[Report::Started, Report::RolledBack]];
    for reports in to_there {
        let mut desk = approved(Strategy::BlueGreen);
        for report in reports {
            desk.reported(*report);
        }
        assert_eq!(desk.revoke(), Ok(()));
        desk.world.expect_events(&[ReleaseRevoked { release: 0 }]);
        assert_eq!(desk.stage(), Some(Stage::Revoked));
        desk.out_of_order(&ALL);
        assert_eq!(desk.revoke(), Err(SettingsError::WrongStage(Stage::Revoked)));
    }
    let mut expired = approved(Strategy::BlueGreen);
    expired.world.at(EXPIRES);
    assert_eq!(expired.revoke(), Ok(()));
}

#[test]
fn a_release_that_was_never_approved_is_unknown() {
    let mut desk = Desk::new();
    assert_eq!([desk.report(Report::Started), desk.revoke()], [Err(SettingsError::Unknown); 2]);
    assert_eq!(desk.stage(), None);
}

#[test]
fn a_strategy_that_cannot_be_followed_or_stored_is_refused_and_the_largest_fits() {
    let mut desk = Desk::new();
    let fine = Threshold { limit: Limit::AtLeast(Decimal { units: 1, scale: limits::DECIMALS + 1 }), ..threshold() };
    let steps = vec![Step { exposure: share(1), hold: 1 }];
    for bad in [
        canary(0, 1),
        canary(limits::STEPS + 1, 1),
        canary(1, limits::THRESHOLDS + 1),
        Strategy::Canary { steps, thresholds: vec![threshold(), fine] },
    ] {
        assert_eq!(desk.approve(&release(bad)), Err(SettingsError::BadStrategy));
    }
    let largest = release(canary(limits::STEPS, limits::THRESHOLDS));
    assert_eq!(desk.approve(&largest), Ok(0));
    assert_eq!(desk.ask::<Option<Release>>(message!("Releases::release", 0_u32)), Some(largest));
}

#[test]
fn what_would_have_expired_is_not_approved() {
    let mut desk = Desk::new();
    for expires in [0, START + 1] {
        let late = Release { expires, ..release(Strategy::BlueGreen) };
        assert_eq!(desk.approve(&late), Err(SettingsError::BadExpiry));
    }
    let soon = Release { expires: START + 2, ..release(Strategy::BlueGreen) };
    assert_eq!(desk.approve(&soon), Ok(0));
}
