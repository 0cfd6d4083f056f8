//! Every event there is.

use crate::{
    chain::{CONTRACTS, Chain, Events, ballot, budget_set, election, payment, person, proposal, rules, share, vote},
    database::mirrored,
    treasury::spending,
};
use ballot::{
    Choice, Mechanism, Ranking, Support,
    irv::{Round, RoundOutcome},
    quadratic::IdentityVotes,
};
use indexer::Contracts;
use interfaces::{
    governor::{
        Choosable, DraftSponsored, DraftWritten, Guardian, GuardianSet, Installed, Kind, LiveLimitSet, Parts,
        ProposalCancelled, ProposalExecuted, ProposalQueued, ProposalRequest, ProposalSettled, ProposalVetoed,
        RulesSet,
    },
    key::Key,
    polls::{ElectorateFixed, IdentityVoted, PollCounted, PollStopped, QuorumReached, VoteOverridden},
    rankings::RoundCounted,
    registry::{
        Accreditation, Accredited, Attested, Certified, Detached, Disaccredited, Expired, Frozen, IdentityId,
        KeyPublished, KeyRevoked, Linked, Revoked, Subject, Tiers, Unfrozen,
    },
    roles::{Role, RoleGranted, RoleRevoked},
    settings::{
        Anchor, Anchored, Bounds, Change, Control, Course, Definition, FlagSet, FlagSteered, ParameterDefined,
        ParameterRetired, ParameterSet, ReleaseApproved, ReleaseReported, ReleaseRevoked, Report, Stage, Step,
        Strategy, Value,
    },
    token::{Approval, DelegationChanged, Share, Transfer},
    treasury::{Asset, Deposited, Paid},
    upgrade::Upgraded,
};

/// A chain on which everything happens once at least, and what can be changed or taken away is.
pub fn everything() -> Chain {
    let mut chain = Chain::with_tokens();
    settings(&mut chain);
    drafts(&mut chain);
    chain
        .block(1_000, |block| {
            block.propose(&proposal(1, 1_000));
            block.propose(&election(2, 1_000, Mechanism::Quadratic, 2));
            block.propose(&election(3, 1_000, Mechanism::Ranked, 2));
            block.propose(&proposal(4, 1_000));
            block.propose(&proposal(5, 1_000));
        })
        .block(1_500, |block| {
            for poll in [4, 5] {
                block.polls(&PollStopped { poll });
            }
            block.governor(&ProposalCancelled { proposal: 4, by: person(0) });
            block.governor(&ProposalVetoed { proposal: 5, abuse: true });
            block.token(&delegated(&[(1, 2_500), (2, 2_500)], Some(2_700)));
        })
        .block(1_600, |block| block.token(&delegated(&[(1, 5_000)], Some(2_700))));
    votes(&mut chain);
    chain
        .block(3_100, |block| {
            block.governor(&ProposalQueued { proposal: 1, option: 0, ready_at: 3_200, expires_at: 8_200 });
            let outcome = RoundOutcome::Elected(1);
            let round = Round { number: 1, tallies: vec![(0, 0), (1, 200), (2, 0)], exhausted: 0, outcome };
            block.rankings(&RoundCounted { poll: 3, round });
            block.polls(&PollCounted { poll: 3, winner: Some(1) });
        })
        .block(3_300, |block| {
            block.treasury(&budget_set(0, Asset::Native, 1_000, 3_300));
            block.treasury(&Deposited { from: person(2), amount: 600 });
            block.treasury(&Paid { category: 0, payee: person(9), asset: Asset::Native, amount: 500 });
            block.event(CONTRACTS.token, &Upgraded { code_hash: [9; 32].into() });
            ordered(block);
            block.governor(&ProposalExecuted { proposal: 1, executor: person(1), spent: 500 });
            block.governor(&ProposalSettled { proposal: 1, payee: person(0), deposit: 7 });
        });
    told(&mut chain);
    spending(&mut chain, 4_000);
    chain.empty(90_000);
    chain
}

/// What governance orders of the settings at first.
fn ordered(block: &mut Events) {
    for name in ["fee", "limit"] {
        block.settings(&defined(name, 1));
    }
    block.settings(&FlagSet { flag: key("search"), control: control(500, false), body: "{}".to_owned() });
    for release in [0, 1] {
        block.settings(&ReleaseApproved {
            release,
            component: key("api"),
            digest: [4; 32].into(),
            strategy: Strategy::Canary { steps: vec![Step { exposure: share(100), hold: 50 }], thresholds: vec![] },
            expires: 80_000,
        });
    }
}

/// What becomes of it. A change of a parameter comes by time alone, and one is replaced before it does.
fn told(chain: &mut Chain) {
    let scheduled = |value, from, next| {
        let next = Some(Change { from, value: Value::Integer(next) });
        ParameterSet { key: key("fee"), course: Course { value: Some(Value::Integer(value)), next } }
    };
    let steered =
        |exposure, killed| FlagSteered { flag: key("search"), by: person(4), control: control(exposure, killed) };
    let reported = |report, passed, since| ReleaseReported {
        release: 0,
        by: person(4),
        report,
        stage: Stage::Running { passed, since },
    };
    let anchored = |number, size, at| Anchored {
        origin: key("gaia-audit"),
        by: person(5),
        number,
        anchor: Anchor { size, root: [6; 32].into(), at },
    };
    chain
        .block(3_400, |block| {
            block.settings(&scheduled(1, 3_500, 2));
            block.settings(&ParameterRetired { key: key("limit") });
            block.settings(&steered(700, false));
            block.settings(&reported(Report::Started, 0, 3_400));
            block.settings(&anchored(0, 10, 3_400));
        })
        .block(3_450, |block| {
            block.settings(&scheduled(1, 3_550, 3));
            block.settings(&steered(0, true));
            block.settings(&reported(Report::StepPassed(0), 1, 3_450));
            block.settings(&anchored(1, 11, 3_450));
        })
        .block(3_600, |block| {
            block.settings(&scheduled(3, 3_700, 4));
            block.settings(&defined("limit", 5));
            block.settings(&steered(0, false));
            block.settings(&ReleaseRevoked { release: 1 });
        });
}

fn key(name: &str) -> Key {
    Key::new(name).expect("a key")
}

fn defined(name: &str, value: i128) -> ParameterDefined {
    let bounds = Bounds::Integer { least: 0, most: 10 };
    let definition = Definition { owner: Kind::ParameterChange, bounds, note: "For good.".to_owned() };
    ParameterDefined { key: key(name), definition, value: Value::Integer(value) }
}

fn control(exposure: u16, killed: bool) -> Control {
    Control { owner: Kind::ParameterChange, ceiling: share(1_000), exposure: share(exposure), killed }
}

fn delegated(to: &[(u8, u16)], ends: Option<u64>) -> DelegationChanged {
    let shares = to.iter().map(|(to, points)| Share { to: person(*to), share: share(*points) });
    DelegationChanged { delegator: person(3), shares: shares.collect(), ends }
}

fn settings(chain: &mut Chain) {
    let guardian = Some(Guardian { account: person(7), until: 9_000 });
    let Contracts { ledger, polls, treasury, settings, .. } = CONTRACTS;
    let parts = Parts { ledger, polls, treasury, settings };
    for moment in [10, 20] {
        chain.block(moment, |block| {
            block.registry(&Accredited {
                attestor: person(8),
                accreditation: Accreditation { tiers: Tiers(0b110), daily_cap: 7 },
            });
            block.governor(&RulesSet { kind: Kind::CommunityInitiative, rules: rules() });
            block.governor(&GuardianSet { guardian });
            block.governor(&LiveLimitSet { limit: 3 });
            block.governor(&Installed { parts });
            block.token(&Approval { owner: person(1), spender: person(2), amount: 5 });
            block.token(&Transfer { from: Some(person(3)), to: None, value: 1 });
        });
    }
    registry(chain);
}

fn registry(chain: &mut Chain) {
    let identity = |number: u8| IdentityId::from([number; 32]);
    let attested = |account, number| Attested { account: person(account), identity: identity(number) };
    let certified = |number: u8, expires| Certified {
        identity: identity(number),
        attestor: person(8),
        tier: number,
        expires,
        commitment: [0xcc; 32].into(),
    };
    let (by, reason) = (person(7), 3);
    let (role, other) = (Role::ComplianceOfficer, Role::Auditor);
    let origin = || Key::new("gaia.audit").expect("a key");
    chain
        .block(30, |block| {
            for number in 1..=3 {
                block.registry(&attested(number, number));
                block.registry(&certified(number, if number == 3 { 39 } else { 900 }));
            }
            for subject in [Subject::Account(person(1)), Subject::Identity(identity(2)), Subject::Identity(identity(5))]
            {
                block.registry(&Frozen { subject, by, reason });
            }
            block.registry(&Accredited {
                attestor: person(9),
                accreditation: Accreditation { tiers: Tiers(1), daily_cap: 1 },
            });
            for role in [role, other] {
                block.registry(&RoleGranted { account: by, role, until: 500 });
            }
            for number in [0, 1] {
                block.registry(&KeyPublished {
                    number,
                    origin: origin(),
                    holder: person(4),
                    key: [0xee; 32],
                    from: 30,
                    until: 900,
                });
            }
        })
        .block(40, |block| {
            block.registry(&Detached { account: person(2), identity: identity(2), by: person(8) });
            block.registry(&Revoked { identity: identity(2), by: person(8), reason: 4 });
            block.registry(&Expired { identity: identity(3) });
            block.registry(&Unfrozen { subject: Subject::Identity(identity(2)), by, reason });
            block.registry(&Disaccredited { attestor: person(9) });
            block.registry(&RoleGranted { account: by, role, until: 600 });
            block.registry(&RoleRevoked { account: by, role: other });
            block.registry(&KeyRevoked { number: 1, until: 39 });
        })
        .block(50, |block| {
            block.registry(&attested(5, 1));
            block.registry(&Linked { account: person(5), with: person(1), identity: identity(1), nonce: 0 });
            block.registry(&certified(3, 950));
        });
}

fn drafts(chain: &mut Chain) {
    let written = |revision| DraftWritten {
        proposal: 0,
        author: person(1),
        request: ProposalRequest {
            kind: Kind::ParameterChange,
            mechanism: Mechanism::Approval,
            title: "Draft".to_owned(),
            link: String::new(),
            content_hash: [7; 32].into(),
            options: vec![Choosable { title: "Pay".to_owned(), calls: vec![payment(1)] }],
        },
        snapshot: 59,
        revision,
    };
    for (moment, revision) in [(60, 0), (70, 1)] {
        chain.block(moment, |block| {
            block.governor(&written(revision));
            block.governor(&DraftSponsored { proposal: 0, sponsor: person(2), power: 200 });
        });
    }
}

fn votes(chain: &mut Chain) {
    let ranked = |option| Choice::Ranked(Ranking::new(vec![option]).expect("a ranking"));
    let mut person_1 = IdentityVotes::default();
    for (moment, option) in [(2_100, 0), (2_200, 1)] {
        let old = if option == 0 { vec![] } else { vec![(0, 2)] };
        person_1.replace(&old, &[(option, 2)], 100).expect("within the budget");
        let votes = person_1.clone();
        chain.block(moment, |block| {
            for (poll, electorate) in [(1, 998), (2, 1), (3, 998)].into_iter().filter(|_| option == 0) {
                block.polls(&ElectorateFixed { poll, electorate });
            }
            let support = if option == 0 { Support::Against } else { Support::For };
            block.polls(&vote(1, 1, support, 450));
            block.polls(&IdentityVoted { poll: 2, identity: [1; 32].into(), cost: votes.cost(), votes });
            block.polls(&ballot(2, 1, Choice::Quadratic(vec![(option, 2)]), 0));
            block.polls(&ballot(3, 2, ranked(option), 200));
        });
    }
    chain.block(2_300, |block| {
        block.polls(&VoteOverridden { poll: 1, representative: person(1), holder: person(3), power: 349 });
        for poll in [1, 2, 3] {
            block.polls(&QuorumReached { poll, closes: 3_000 });
        }
    });
}

#[tokio::test]
async fn every_event_is_understood_and_leaves_its_rows() {
    let database = mirrored(&everything()).await;
    assert_eq!(database.list("SELECT height || ': ' || reason FROM mirror.undecoded").await, "");
    let kinds = "SELECT count(DISTINCT (contract, topics[1]))::text FROM raw.contract_events";
    // 3 of the token, 14 of the registry, 12 of the governor, 8 of the ballot box, 1 of the rankings, 15 of the treasury,
    // 9 of the settings, 1 of a token that is not ours, and new code.
    assert_eq!(database.text(kinds).await, "64");
    let dump = database.dump().await;
    let empty: Vec<_> = dump.iter().filter(|(_, rows)| rows == "null").map(|(table, _)| table.as_str()).collect();
    // The only delegation has ended by itself, and nothing was rebuilt.
    assert_eq!(empty, ["mirror_2.delegations", "mirror_2.undecoded", "raw.projection_before"]);
    let states = "SELECT concat_ws(' ', proposal, state, winner) FROM mirror.proposals ORDER BY proposal";
    let expected = "0 draft, 1 executed 0, 2 expired 1, 3 expired 1, 4 cancelled, 5 vetoed";
    assert_eq!(database.list(states).await, expected);
}

#[tokio::test]
async fn the_size_of_batches_changes_nothing() {
    let chain = everything();
    let database = mirrored(&chain).await;
    let whole = database.dump().await;
    for size in [1, 2, 3, 5] {
        database.fill(&chain, size).await;
        assert!(database.dump().await == whole, "batches of {size} give other rows");
    }
}
