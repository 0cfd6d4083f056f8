//! Random sequences of all that can be done with a registry, on the contract and on a naive model of it. What the model
//! says must be the answer, at every step; and after every step somebody, and now and then everybody, is cleared, has roles
//! and keys, and belonged to whom at past moments, just as the model has it.
//!
//! `PROPTEST_CASES` says how many sequences.

mod model;

use super::{Bureau, Done, Name, REASON, identity};
use crate::{
    message,
    vault::Key,
    world::{ATTESTOR, START, chain, id},
};
use drink::AccountId32;
use interfaces::{
    Hash, Moment,
    registry::{Accreditation, Attest, Link, RegistryError, SigningKey, Subject, Tier, Tiers},
    roles::Role,
};
use model::{AIDE, CHIEF, GOVERNOR, Model, OFFICER, PEOPLE, Who};
use proptest::prelude::*;

/// Sequences in an ordinary run.
const CASES: u32 = 3;
/// Steps of a sequence, at least and at most.
const STEPS: std::ops::RangeInclusive<usize> = 50..=80;
/// After as many steps everybody is looked at.
const LOOK: usize = 10;
/// Ends lie whole multiples of this after the beginning, so that the same one is drawn again.
const SPAN: Moment = 20_000_000;
/// What is granted: the first role lets freeze.
const ROLES: [Role; 2] = [Role::ComplianceOfficer, Role::Operator];

/// What is done.
#[derive(Debug, Clone)]
enum Step {
    Attest(Who, Who, u8, (Tier, u64, u8)),
    /// In the present terms.
    Join(Who, Who, u8),
    Renew(Who, u8, (Tier, u64, u8)),
    Revoke(Who, u8),
    Expire(u8),
    Detach(Who, Who),
    Freeze(Who, model::Subject),
    Unfreeze(Who, model::Subject),
    /// Whether the nonce is the next one, the deadline is to come, and the right ones have signed.
    Link(Who, Who, bool, bool, bool),
    Accredit(Who, Who, u16, u32),
    Disaccredit(Who, Who),
    Grant(Who, Who, u8, u64),
    TakeAway(Who, Who, u8),
    Publish(Who, Who, u8, u64, u64),
    RevokeKey(Who, usize),
    Wait(Moment),
}

fn step() -> impl Strategy<Value = Step> {
    let person = || 0..PEOPLE;
    let attestor = || prop_oneof![6 => Just(CHIEF), 5 => Just(AIDE), 1 => 0..=GOVERNOR];
    let orders = || prop_oneof![12 => Just(GOVERNOR), 1 => 0..GOVERNOR];
    let officer = || prop_oneof![8 => Just(OFFICER), 1 => 0..=GOVERNOR];
    let terms = || (0..4_u8, prop_oneof![20 => 0..12_u64, 1 => 4_000..5_000_u64], 0..2_u8);
    let it = || 0..3_u8;
    let subject = || prop_oneof![person().prop_map(Ok), it().prop_map(Err)];
    let mostly = || prop::bool::weighted(0.92);
    prop_oneof![
        12 => (attestor(), person(), it(), terms()).prop_map(|(by, who, it, terms)| Step::Attest(by, who, it, terms)),
        8 => (attestor(), person(), it()).prop_map(|(by, who, it)| Step::Join(by, who, it)),
        7 => (attestor(), it(), terms()).prop_map(|(by, it, terms)| Step::Renew(by, it, terms)),
        4 => (prop_oneof![attestor(), orders()], it()).prop_map(|(by, it)| Step::Revoke(by, it)),
        5 => it().prop_map(Step::Expire),
        6 => (0..=GOVERNOR, person()).prop_map(|(by, who)| Step::Detach(by, who)),
        6 => person().prop_map(|who| Step::Detach(who, who)),
        4 => (officer(), subject()).prop_map(|(by, subject)| Step::Freeze(by, subject)),
        4 => (officer(), subject()).prop_map(|(by, subject)| Step::Unfreeze(by, subject)),
        14 => (person(), person(), mostly(), mostly(), mostly())
            .prop_map(|(who, with, next, early, signed)| Step::Link(who, with, next, early, signed)),
        3 => (orders(), CHIEF..=AIDE, prop_oneof![any::<u16>(), Just(u16::MAX)], 0..6_u32)
            .prop_map(|(by, who, tiers, cap)| Step::Accredit(by, who, tiers, cap)),
        1 => (orders(), CHIEF..=AIDE).prop_map(|(by, who)| Step::Disaccredit(by, who)),
        4 => (orders(), prop_oneof![Just(OFFICER), 0..=GOVERNOR], 0..2_u8, 0..12_u64)
            .prop_map(|(by, who, role, until)| Step::Grant(by, who, role, until)),
        1 => (orders(), prop_oneof![Just(OFFICER), 0..=GOVERNOR], 0..2_u8)
            .prop_map(|(by, who, role)| Step::TakeAway(by, who, role)),
        6 => (orders(), 0..2_usize, 0..2_u8, 0..12_u64, 0..12_u64)
            .prop_map(|(by, who, origin, from, until)| Step::Publish(by, who, origin, from, until)),
        3 => (orders(), 0..8_usize).prop_map(|(by, number)| Step::RevokeKey(by, number)),
        12 => prop_oneof![3 => 0..3_u64, 5 => 1..SPAN, 1 => SPAN..3 * SPAN].prop_map(Step::Wait),
        4 => Just(Step::Wait(SPAN)),
    ]
}

/// A moment that is this many spans after the beginning.
fn after(spans: u64) -> Moment {
    START + spans * SPAN
}

fn origin(number: u8) -> Name {
    Name::new(format!("log-{number}")).expect("a key in a test is one")
}

/// The contract, and what the model makes of it.
struct Machine {
    bureau: Bureau,
    keys: Vec<Key>,
    model: Model,
}

impl Machine {
    fn new() -> Self {
        let keys: Vec<_> = (1..=4).map(Key::new).collect();
        let mut machine = Self { bureau: Bureau::new(), keys, model: Model::new(START) };
        for key in &machine.keys {
            machine.bureau.world.give(key.id(), 1_000_000_000_000);
        }
        machine.take(&Step::Grant(GOVERNOR, OFFICER, 0, 1_000));
        machine.take(&Step::Accredit(GOVERNOR, CHIEF, u16::MAX, 9));
        machine.take(&Step::Accredit(GOVERNOR, AIDE, 0b111, 4));
        machine
    }

    fn account(&self, who: Who) -> AccountId32 {
        match who {
            CHIEF => ATTESTOR,
            AIDE => super::OTHER,
            OFFICER => super::OFFICER,
            GOVERNOR => super::GOVERNOR,
            person => self.keys[person].account.clone(),
        }
    }

    fn subject(&self, subject: model::Subject) -> Subject {
        match subject {
            Ok(who) => Subject::Account(id(&self.account(who))),
            Err(number) => Subject::Identity(identity(number)),
        }
    }

    fn send(&mut self, who: Who, message: Vec<u8>) -> Done {
        let account = self.account(who);
        self.bureau.send(&account, message)
    }

    fn attest(&mut self, by: Who, who: Who, number: u8, terms: (Tier, Moment, u8)) -> (Done, Done) {
        let (by_, account) = (self.account(by), self.account(who));
        let answer = self.bureau.attest_as(&by_, &account, said(number, terms));
        (answer, self.model.attest(by, who, number, terms))
    }

    /// The contract and the model give the same answer.
    fn take(&mut self, step: &Step) {
        let (answer, expected) = match *step {
            Step::Attest(by, who, number, (tier, spans, record)) => {
                self.attest(by, who, number, (tier, after(spans), record))
            }
            Step::Join(by, who, number) => {
                let terms = self.model.present.said.get(&number).map_or((0, after(3), 0), |said| said.terms);
                self.attest(by, who, number, terms)
            }
            Step::Renew(by, number, (tier, spans, record)) => {
                let (terms, by_) = ((tier, after(spans), record), self.account(by));
                (self.bureau.renew(&by_, said(number, terms)), self.model.renew(by, number, terms))
            }
            Step::Revoke(by, number) => {
                let by_ = self.account(by);
                (self.bureau.revoke(&by_, number), self.model.revoke(by, number))
            }
            Step::Expire(number) => (self.bureau.expire(number), self.model.expire(number)),
            Step::Detach(by, who) => {
                let (by_, account) = (self.account(by), self.account(who));
                (self.bureau.detach(&by_, &account), self.model.detach(by, who))
            }
            Step::Freeze(by, subject) => {
                let order = message!("Freezing::freeze", self.subject(subject), REASON);
                (self.send(by, order), self.model.freeze(by, subject))
            }
            Step::Unfreeze(by, subject) => {
                let order = message!("Freezing::unfreeze", self.subject(subject), REASON);
                (self.send(by, order), self.model.unfreeze(by, subject))
            }
            Step::Link(who, with, next, early, signed) => self.link(who, with, next, early, signed),
            Step::Accredit(by, who, tiers, daily_cap) => {
                let accreditation = Accreditation { tiers: Tiers(tiers), daily_cap };
                let order = message!("Attestors::accredit", id(&self.account(who)), accreditation);
                (self.send(by, order), self.model.accredit(by, who, tiers, daily_cap))
            }
            Step::Disaccredit(by, who) => {
                let order = message!("Attestors::disaccredit", id(&self.account(who)));
                (self.send(by, order), self.model.disaccredit(by, who))
            }
            Step::Grant(by, who, role, spans) => {
                let order =
                    message!("Roles::grant_role", id(&self.account(who)), ROLES[usize::from(role)], after(spans));
                (self.send(by, order), self.model.grant(by, who, role, after(spans)))
            }
            Step::TakeAway(by, who, role) => {
                let order = message!("Roles::revoke_role", id(&self.account(who)), ROLES[usize::from(role)]);
                (self.send(by, order), self.model.take_away(by, who, role))
            }
            Step::Publish(by, who, number, from, until) => {
                let (from, until, holder) = (after(from), after(until), id(&self.account(who)));
                let order = message!(
                    "Keys::publish_key",
                    SigningKey { origin: origin(number), key: [1; 32], holder, from, until }
                );
                let by_ = self.account(by);
                let answer: Result<u32, RegistryError> = self.bureau.send(&by_, order);
                assert_eq!(answer, self.model.publish(by, (who, number, from, until)), "{step:?}");
                return;
            }
            Step::RevokeKey(by, number) => {
                let order = message!("Keys::revoke_key", u32::try_from(number).expect("few"));
                (self.send(by, order), self.model.revoke_key(by, number))
            }
            Step::Wait(time) => {
                self.model.wait(time);
                self.bureau.world.at(self.model.now);
                return;
            }
        };
        assert_eq!(answer, expected, "{step:?} at {}", self.model.now - START);
    }

    fn link(&mut self, who: Who, with: Who, next: bool, early: bool, signed: bool) -> (Done, Done) {
        let known = self.model.nonces.get(&who).copied().unwrap_or_default();
        let nonce = if next { known } else { known + 1 };
        let deadline = if early { self.model.now } else { self.model.now - 1 };
        let link = Link { account: self.keys[who].id(), with: self.keys[with].id(), nonce, deadline };
        let text = link.text(&chain(), &self.bureau.registry);
        let (one, other) = if signed { (who, with) } else { (who, (with + 1) % PEOPLE) };
        let [one, other] = [one, other].map(|who| self.keys[who].sign(text.as_bytes()));
        let answer = self.bureau.ask(message!("Links::link", link, one, other));
        (answer, self.model.link(who, with, nonce, deadline, signed))
    }

    /// Everything that can be asked of these people at present, and at these past moments, is as the model has it.
    fn check(&mut self, people: std::ops::Range<Who>, moments: &[Moment]) {
        let (bureau, model) = (&mut self.bureau, &self.model);
        for who in people {
            let account = &self.keys[who].account;
            let belongs = model.present.belongs.get(&who).map(|number| identity(*number));
            assert_eq!(bureau.identity_of(account), belongs);
            let tier = model.present.belongs.get(&who).map_or(0, |number| model.present.said[number].terms.0);
            for tier in [0, tier, tier + 1] {
                assert_eq!(bureau.is_cleared(account, tier), model.is_cleared(who, tier), "{who} for {tier}");
            }
            for moment in moments {
                let then = model.identity_at(who, *moment).map(identity);
                assert_eq!(bureau.identity_at(account, *moment), Ok(then), "{who} at {}", moment - START);
            }
        }
    }

    /// So is what concerns nobody in particular, or those with a post.
    fn look(&mut self, moments: &[Moment]) {
        self.check(0..PEOPLE, moments);
        let (bureau, model) = (&mut self.bureau, &self.model);
        for moment in moments {
            let then = u32::try_from(model.population_at(*moment)).expect("few");
            assert_eq!(bureau.population_at(*moment), Ok(then), "at {}", moment - START);
        }
        for (who, attestor) in [(CHIEF, ATTESTOR), (AIDE, super::OTHER)] {
            assert_eq!(bureau.left_today(&attestor), model.left_today(who));
        }
        for (number, role) in (0..).zip(ROLES) {
            assert_eq!(bureau.has_role(&super::OFFICER, role), model.has_role(OFFICER, number));
            for who in 0..2 {
                let holds = model.holds_key(who, number);
                assert_eq!(bureau.holds_key(&self.keys[who].account, &origin(number)), holds);
            }
        }
    }
}

/// These terms, as they are sent.
fn said(number: u8, (tier, expires, record): (Tier, Moment, u8)) -> Attest {
    Attest { identity: identity(number), tier, expires, commitment: Hash::from([record; 32]) }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_done_the_registry_knows_what_was_when(steps in prop::collection::vec(step(), STEPS), part in 0..100_u64) {
        let mut machine = Machine::new();
        for (number, step) in steps.iter().enumerate() {
            machine.take(step);
            let now = machine.model.now;
            // Somewhere on the way, and the moment before.
            let mut moments = vec![START + (now - START) * part / 100];
            moments.extend(now.checked_sub(1));
            moments.retain(|moment| *moment < now);
            if number % LOOK == 0 {
                machine.look(&moments);
            } else {
                let who = number % PEOPLE;
                machine.check(who..who + 1, &moments);
            }
        }
        let now = machine.model.now;
        let all: Vec<_> = (START..now).step_by(usize::try_from(SPAN / 4).expect("short")).collect();
        machine.look(&all);
    }
}
