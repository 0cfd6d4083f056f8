//! Identities and their accounts, freezes, links, roles and keys, and who did what to whom.

use crate::{
    chain::{CONTRACTS, Chain, Events, person, proposal},
    database::{Database, mirrored},
};
use indexer::Error;
use interfaces::{
    AccountId, Moment, ProposalId,
    governor::ProposalExecuted,
    key::Key,
    registry::{
        Accreditation, Accredited, Attested, Certified, Detached, Disaccredited, Expired, Frozen, IdentityId,
        KeyPublished, KeyRevoked, Linked, Revoked, Subject, Tiers, Unfrozen,
    },
    roles::{Role, RoleGranted, RoleRevoked},
};

const ATTESTOR: u8 = 8;
const OFFICER: u8 = 7;

fn identity(number: u8) -> IdentityId {
    [number; 32].into()
}

fn accredited(attestor: u8) -> Accredited {
    Accredited { attestor: person(attestor), accreditation: Accreditation { tiers: Tiers(0b110), daily_cap: 7 } }
}

fn attested(account: u8, of: u8) -> Attested {
    Attested { account: person(account), identity: identity(of) }
}

fn certified(of: u8, tier: u8, expires: Moment) -> Certified {
    Certified { identity: identity(of), attestor: person(ATTESTOR), tier, expires, commitment: [0xcc; 32].into() }
}

fn detached(account: u8, of: u8) -> Detached {
    Detached { account: person(account), identity: identity(of), by: person(ATTESTOR) }
}

fn revoked(of: u8, by: AccountId) -> Revoked {
    Revoked { identity: identity(of), by, reason: 4 }
}

fn linked(account: u8, with: u8, of: u8, nonce: u32) -> Linked {
    Linked { account: person(account), with: person(with), identity: identity(of), nonce }
}

fn frozen(subject: Subject) -> Frozen {
    Frozen { subject, by: person(OFFICER), reason: 5 }
}

fn unfrozen(subject: Subject) -> Unfrozen {
    Unfrozen { subject, by: person(OFFICER), reason: 6 }
}

fn key(number: u32, until: Moment) -> KeyPublished {
    let origin = Key::new("gaia.audit").expect("a key");
    KeyPublished { number, origin, holder: person(4), key: [0xee; 32], from: 1, until }
}

fn executed(proposal: ProposalId) -> ProposalExecuted {
    ProposalExecuted { proposal, executor: person(1), spent: 0 }
}

/// What a query answers after the chain was written in batches of any size.
async fn always(chain: &Chain, query: &str, expected: &str) {
    let database = Database::fresh().await;
    for size in [1, 2, chain.blocks.len()] {
        database.fill(chain, size).await;
        assert_eq!(database.list(query).await, expected, "in batches of {size}");
    }
}

const MEMBERS: &str = "SELECT concat_ws(' ', get_byte(account, 0) - 100, get_byte(identity, 0),
                                        coalesce((get_byte(linked_with, 0) - 100)::text, '-'), height, moment)
                       FROM mirror.members ORDER BY account";
const IDENTITIES: &str =
    "SELECT concat_ws(' ', get_byte(identity, 0), get_byte(attestor, 0) - 100, tier, expires, counts,
                                           revoked, frozen, height)
                          FROM mirror.identities ORDER BY identity";
const JOURNAL: &str = "SELECT concat_ws(' ', kind, 'i' || get_byte(identity, 0), 'a' || get_byte(account, 0) - 100,
                                        'by' || get_byte(actor, 0), 'p' || proposal, 'r' || reason)
                       FROM mirror.registry_events ORDER BY height, index";

#[tokio::test]
async fn accounts_join_and_leave_identities() {
    let mut chain = Chain::new();
    chain
        .block(1, |block| {
            block.registry(&attested(1, 1));
            block.registry(&certified(1, 1, 100));
            block.registry(&attested(2, 1));
            block.registry(&attested(3, 3));
            block.registry(&certified(3, 2, 100));
        })
        .block(2, |block| {
            block.registry(&detached(2, 1));
            block.registry(&detached(3, 3));
            block.registry(&attested(3, 1));
            block.registry(&attested(4, 1));
            block.registry(&linked(4, 1, 1, 0));
        })
        .block(3, |block| block.registry(&detached(4, 1)))
        .block(4, |block| {
            block.registry(&attested(4, 3));
            block.registry(&linked(4, 3, 3, 1));
        });
    always(&chain, MEMBERS, "1 1 - 10 1, 3 1 - 11 2, 4 3 3 13 4").await;
    let nonces = "SELECT concat_ws(' ', get_byte(account, 0) - 100, nonce) FROM mirror.link_nonces";
    always(&chain, nonces, "4 2").await;
}

#[tokio::test]
async fn identities_are_certified_renewed_revoked_and_expire() {
    let mut chain = Chain::new();
    chain
        .block(1, |block| {
            for number in 1..=4 {
                block.registry(&certified(number, 1, 10));
            }
        })
        .block(2, |block| {
            block.registry(&certified(1, 2, 50));
            block.registry(&revoked(2, person(ATTESTOR)));
            block.registry(&revoked(4, person(ATTESTOR)));
        })
        .block(11, |block| block.registry(&Expired { identity: identity(3) }))
        .block(12, |block| block.registry(&certified(4, 3, 60)));
    let expected = "1 8 2 50 t f f 11, 2 8 1 10 f t f 11, 3 8 1 10 f f f 12, 4 8 3 60 t f f 13";
    always(&chain, IDENTITIES, expected).await;
    let population = "SELECT concat_ws(' ', since, population) FROM mirror.population ORDER BY since";
    always(&chain, population, "1 4, 2 2, 11 1, 12 2").await;
}

#[tokio::test]
async fn freezes_come_and_go_and_show_on_identities() {
    let mut chain = Chain::new();
    let (early, late) = (Subject::Identity(identity(1)), Subject::Identity(identity(2)));
    chain
        .block(1, |block| {
            block.registry(&frozen(early));
            block.registry(&frozen(Subject::Account(person(1))));
            block.registry(&frozen(Subject::Account(person(2))));
        })
        .block(2, |block| {
            // Frozen before it was attested.
            block.registry(&certified(1, 1, 10));
            block.registry(&certified(2, 1, 10));
            block.registry(&unfrozen(Subject::Account(person(2))));
        })
        .block(3, |block| {
            block.registry(&frozen(late));
            block.registry(&unfrozen(early));
            block.registry(&frozen(early));
        });
    always(&chain, IDENTITIES, "1 8 1 10 t f t 12, 2 8 1 10 t f t 12").await;
    let freezes =
        "SELECT concat_ws(' ', kind, get_byte(subject, 0), reason, get_byte(actor, 0) - 100, height, index, moment)
                   FROM mirror.freezes ORDER BY kind, subject";
    always(&chain, freezes, "account 101 5 7 10 4 1, identity 1 5 7 12 6 3, identity 2 5 7 12 2 3").await;
    chain.block(4, |block| block.registry(&unfrozen(late)));
    always(&chain, IDENTITIES, "1 8 1 10 t f t 12, 2 8 1 10 t f f 13").await;
}

#[tokio::test]
async fn attestors_roles_and_keys_are_mirrored() {
    let mut chain = Chain::new();
    let granted = |role, until| RoleGranted { account: person(OFFICER), role, until };
    chain
        .block(1, |block| {
            block.registry(&accredited(8));
            block.registry(&granted(Role::Auditor, 100));
            block.registry(&granted(Role::ComplianceOfficer, 100));
            block.registry(&key(0, Moment::MAX));
            block.registry(&key(1, 500));
        })
        .block(2, |block| {
            block.registry(&accredited(9));
            block.registry(&Disaccredited { attestor: person(8) });
            block.registry(&granted(Role::ComplianceOfficer, 200));
            block.registry(&RoleRevoked { account: person(OFFICER), role: Role::Auditor });
            block.registry(&KeyRevoked { number: 0, until: 1 });
        });
    let attestors = "SELECT concat_ws(' ', get_byte(account, 0) - 100, tiers, daily_cap, height) FROM mirror.attestors";
    always(&chain, attestors, "9 {1,2} 7 11").await;
    let roles = "SELECT concat_ws(' ', get_byte(account, 0) - 100, role, until, height, moment) FROM mirror.roles";
    always(&chain, roles, "7 compliance_officer 200 11 2").await;
    let keys = "SELECT concat_ws(' ', number, origin, get_byte(holder, 0) - 100, begins, until, revoked, height)
                FROM mirror.keys ORDER BY number";
    always(&chain, keys, "0 gaia.audit 4 1 1 t 11, 1 gaia.audit 4 1 500 f 10").await;
    // "Never" is later than can be stored.
    let until = "SELECT until::text FROM mirror.registry_events WHERE kind = 'key_published' ORDER BY index LIMIT 1";
    always(&chain, until, &i64::MAX.to_string()).await;
}

#[tokio::test]
async fn the_journal_tells_who_did_what_to_whom_and_why() {
    let mut chain = Chain::new();
    chain
        .block(1, |block| {
            block.registry(&accredited(8));
            block.registry(&attested(1, 1));
            block.registry(&certified(1, 1, 100));
            // Attested already: by whom, nobody says.
            block.extrinsic(2).registry(&attested(2, 1));
            block.extrinsic(3).registry(&attested(3, 1));
            block.registry(&linked(3, 1, 1, 0));
        })
        .block(2, |block| {
            block.registry(&frozen(Subject::Account(person(2))));
            block.registry(&frozen(Subject::Account(person(9))));
            block.registry(&detached(2, 1));
            block.registry(&unfrozen(Subject::Account(person(2))));
            block.registry(&frozen(Subject::Identity(identity(1))));
        })
        .block(200, |block| block.registry(&Expired { identity: identity(1) }));
    let expected = "accredited a8, attested i1 a1 by108, certified i1 by108, attested i1 a2, linked i1 a3, \
                    frozen i1 a2 by107 r5, frozen a9 by107 r5, detached i1 a2 by108, unfrozen a2 by107 r6, \
                    frozen i1 by107 r5, expired i1";
    always(&chain, JOURNAL, expected).await;
    let details = "SELECT concat_ws(' ', kind, tiers, daily_cap, tier, until, get_byte(commitment, 0),
                                    get_byte(linked_with, 0) - 100, nonce)
                   FROM mirror.registry_events WHERE kind IN ('accredited', 'certified', 'linked')
                   ORDER BY height, index";
    always(&chain, details, "accredited {1,2} 7, certified 1 100 204, linked 1 0").await;
}

#[tokio::test]
async fn what_a_proposal_ordered_is_told_with_its_number() {
    let mut chain = Chain::new();
    let governor = CONTRACTS.governor;
    chain
        .block(1, |block| {
            (0..3).for_each(|number| block.propose(&proposal(number, 1)));
            for number in 1..=3 {
                block.registry(&certified(number, 1, 100));
            }
        })
        .block(2, |block| {
            block.registry(&accredited(9));
            block.registry(&RoleGranted { account: person(5), role: Role::Operator, until: 50 });
            block.registry(&revoked(1, governor));
            block.governor(&executed(0));
            // An attestor that executes a proposal in the same extrinsic, and revokes before.
            block.extrinsic(2).registry(&revoked(2, person(ATTESTOR)));
            block.registry(&key(0, 100));
            block.governor(&executed(1));
            block.extrinsic(3).registry(&revoked(3, person(ATTESTOR)));
        })
        .block(3, |block| {
            block.registry(&KeyRevoked { number: 0, until: 2 });
            block.extrinsic(2).governor(&executed(2));
        });
    let expected = "certified i1 by108, certified i2 by108, certified i3 by108, accredited a9 by2 p0, \
                    role_granted a5 by2 p0, revoked i1 by2 p0 r4, revoked i2 by108 r4, key_published a4 by2 p1, \
                    revoked i3 by108 r4, key_revoked a4";
    always(&chain, JOURNAL, expected).await;
}

#[tokio::test]
async fn nothing_personal_and_nothing_else_is_kept() {
    // All that there is room for: hashes, accounts, numbers, and names from lists that are fixed or of logs.
    let database = mirrored(&Chain::with_tokens()).await;
    let texts = database
        .list(
            "SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'mirror_2' AND data_type IN ('text', 'jsonb', 'json', 'character varying')
                 AND table_name IN ('members', 'identities', 'freezes', 'link_nonces', 'roles', 'keys', 'attestors',
                                    'population', 'registry_events')
             ORDER BY table_name, column_name",
        )
        .await;
    assert_eq!(
        texts,
        "freezes.kind, keys.origin, registry_events.kind, registry_events.origin, registry_events.role, roles.role"
    );
}

/// Person 1 belongs to identity 1, which is attested until 100; person 9 attests, and account 3 is frozen.
fn known() -> Chain {
    let mut chain = Chain::new();
    chain.block(1, |block| {
        block.registry(&accredited(9));
        block.registry(&attested(1, 1));
        block.registry(&certified(1, 1, 100));
        block.registry(&frozen(Subject::Account(person(3))));
        block.registry(&key(0, 500));
    });
    chain
}

/// Why the next block is refused: at moment 50, which is within the time of the attestation.
async fn refusal(fill: impl FnOnce(&mut Events)) -> String {
    let mut chain = known();
    let database = Database::fresh().await;
    let mut store = database.store().await;
    store.write(&chain.blocks).await.expect("writes");
    let before = database.dump().await;
    chain.block(50, fill);
    let error = store.write(&chain.blocks[1..]).await.expect_err("it cannot be");
    assert_eq!(database.dump().await, before);
    match error {
        Error::Contradiction { reason, .. } => reason,
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn an_account_cannot_belong_to_two_identities() {
    let reason = refusal(|block| block.registry(&attested(1, 2))).await;
    assert_eq!(reason, "an account that belongs to an identity was attested");
}

#[tokio::test]
async fn an_account_cannot_leave_where_it_is_not() {
    for (account, of) in [(1, 2), (2, 1)] {
        let reason = refusal(|block| block.registry(&detached(account, of))).await;
        assert_eq!(reason, "an account left an identity to which it did not belong");
    }
}

#[tokio::test]
async fn an_account_cannot_be_linked_without_joining() {
    let reason = refusal(|block| block.registry(&linked(2, 1, 1, 0))).await;
    assert_eq!(reason, "an account was linked that has not joined the identity");
    let reason = refusal(|block| block.registry(&linked(1, 2, 1, 0))).await;
    assert_eq!(reason, "an account was linked that has not joined the identity just now");
}

#[tokio::test]
async fn an_account_cannot_be_linked_with_another_nonce_than_its_next() {
    let reason = refusal(|block| {
        block.registry(&attested(2, 1));
        block.registry(&linked(2, 1, 1, 1));
    });
    assert_eq!(reason.await, "an account was linked with another nonce than its next");
}

#[tokio::test]
async fn what_does_not_count_cannot_be_counted_out() {
    let reason = refusal(|block| block.registry(&revoked(2, person(ATTESTOR)))).await;
    assert_eq!(reason, "an identity that does not count was counted out");
    let reason = refusal(|block| {
        block.registry(&revoked(1, person(ATTESTOR)));
        block.registry(&Expired { identity: identity(1) });
    });
    assert_eq!(reason.await, "an identity that does not count was counted out");
}

#[tokio::test]
async fn an_attestation_cannot_be_over_before_its_time() {
    let reason = refusal(|block| block.registry(&Expired { identity: identity(1) })).await;
    assert_eq!(reason, "an attestation was over before its time");
}

#[tokio::test]
async fn what_is_frozen_cannot_be_frozen_again_and_what_is_not_cannot_be_unfrozen() {
    let reason = refusal(|block| block.registry(&frozen(Subject::Account(person(3))))).await;
    assert_eq!(reason, "what is frozen was frozen again");
    // An identity of the same bytes is something else.
    let reason = refusal(|block| block.registry(&unfrozen(Subject::Identity(identity(103))))).await;
    assert_eq!(reason, "what was not frozen was unfrozen");
}

#[tokio::test]
async fn what_was_never_given_cannot_be_taken() {
    let reason = refusal(|block| block.registry(&Disaccredited { attestor: person(8) })).await;
    assert_eq!(reason, "who was no attestor ceased to be one");
    let reason = refusal(|block| block.registry(&RoleRevoked { account: person(1), role: Role::Auditor })).await;
    assert_eq!(reason, "a role was taken away that was never granted");
    let reason = refusal(|block| block.registry(&KeyRevoked { number: 1, until: 49 })).await;
    assert_eq!(reason, "there is no key 1");
}

#[tokio::test]
async fn a_key_cannot_be_published_twice() {
    assert_eq!(refusal(|block| block.registry(&key(0, 900))).await, "there is a key 0 already");
}
