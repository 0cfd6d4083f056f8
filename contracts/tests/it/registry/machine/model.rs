//! A naive model of the registry: it keeps all that was ever true, and looks everything up in lists.

use interfaces::{
    Moment,
    registry::{DAY, RegistryError, Tier, limits},
};
use std::collections::{BTreeMap, BTreeSet};

/// What the registry answers.
pub type Done = Result<(), RegistryError>;
/// Someone, by number: the accounts of people come first, then [`CHIEF`], [`AIDE`], [`OFFICER`] and [`GOVERNOR`].
pub type Who = usize;
/// How many people there are.
pub const PEOPLE: usize = 4;
/// Attests.
pub const CHIEF: Who = PEOPLE;
/// Attests as well.
pub const AIDE: Who = PEOPLE + 1;
/// Freezes at first.
pub const OFFICER: Who = PEOPLE + 2;
/// Gives orders.
pub const GOVERNOR: Who = PEOPLE + 3;

/// What is frozen: a person's account or an identity, by number.
pub type Subject = Result<Who, u8>;

/// What was last said of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub by: Who,
    pub terms: (Tier, Moment, u8),
    pub counts: bool,
}

impl Said {
    fn holds(self, now: Moment) -> bool {
        self.counts && now <= self.terms.1
    }
}

/// What can be known of a moment later.
#[derive(Debug, Default, Clone)]
pub struct Present {
    pub belongs: BTreeMap<Who, u8>,
    pub said: BTreeMap<u8, Said>,
}

/// A signing key: its holder, its origin, and its first and last moment.
pub type Key = (Who, u8, Moment, Moment);

pub struct Model {
    pub now: Moment,
    pub present: Present,
    /// What was at the end of every moment that the clock stood at.
    past: BTreeMap<Moment, Present>,
    /// The tiers and caps of attestors.
    desks: BTreeMap<Who, (u16, u32)>,
    /// Who attested or renewed on which day.
    uses: Vec<(Who, u64)>,
    frozen: BTreeSet<Subject>,
    pub nonces: BTreeMap<Who, u32>,
    pub roles: BTreeMap<(Who, u8), Moment>,
    pub keys: Vec<Key>,
}

fn check(good: bool, why: RegistryError) -> Done {
    if good { Ok(()) } else { Err(why) }
}

impl Model {
    pub fn new(now: Moment) -> Self {
        Self {
            now,
            present: Present::default(),
            past: BTreeMap::new(),
            desks: BTreeMap::new(),
            uses: vec![],
            frozen: BTreeSet::new(),
            nonces: BTreeMap::new(),
            roles: BTreeMap::new(),
            keys: vec![],
        }
    }

    pub fn wait(&mut self, time: Moment) {
        if time > 0 {
            self.past.insert(self.now, self.present.clone());
            self.now += time;
        }
    }

    /// What was at the end of a moment.
    fn at(&self, moment: Moment) -> Option<&Present> {
        self.past.range(..=moment).next_back().map(|(_, present)| present)
    }

    pub fn identity_at(&self, who: Who, moment: Moment) -> Option<u8> {
        let then = self.at(moment)?;
        then.belongs.get(&who).copied().filter(|identity| then.said[identity].holds(moment))
    }

    pub fn population_at(&self, moment: Moment) -> usize {
        self.at(moment).map_or(0, |then| then.said.values().filter(|said| said.counts).count())
    }

    pub fn is_cleared(&self, who: Who, tier: Tier) -> bool {
        let Some(identity) = self.present.belongs.get(&who) else { return false };
        let said = self.present.said[identity];
        let frozen = self.frozen.contains(&Ok(who)) || self.frozen.contains(&Err(*identity));
        said.holds(self.now) && said.terms.0 >= tier && !frozen
    }

    pub fn left_today(&self, who: Who) -> u32 {
        let used = self.uses.iter().filter(|used| **used == (who, self.now / DAY)).count();
        self.desks.get(&who).map_or(0, |(_, cap)| cap.saturating_sub(u32::try_from(used).expect("few")))
    }

    pub fn has_role(&self, who: Who, role: u8) -> bool {
        self.roles.get(&(who, role)).is_some_and(|until| self.now <= *until)
    }

    pub fn holds_key(&self, who: Who, origin: u8) -> bool {
        self.keys.iter().any(|key| (key.0, key.1) == (who, origin) && key.2 <= self.now && self.now <= key.3)
    }
}

/// What can be done. Every check stands where the contract has it, for the first that fails is the answer.
impl Model {
    fn may_say(&self, by: Who, (tier, expires, _): (Tier, Moment, u8)) -> Done {
        let (tiers, _) = self.desks.get(&by).ok_or(RegistryError::NotAttestor)?;
        check(tier < 16 && tiers & (1 << tier) != 0, RegistryError::WrongTier)?;
        check(self.left_today(by) > 0, RegistryError::CapReached)?;
        check(self.now < expires && expires <= self.now + limits::VALIDITY, RegistryError::BadExpiry)
    }

    fn say(&mut self, by: Who, identity: u8, terms: (Tier, Moment, u8)) {
        self.present.said.insert(identity, Said { by, terms, counts: true });
    }

    pub fn attest(&mut self, by: Who, who: Who, identity: u8, terms: (Tier, Moment, u8)) -> Done {
        self.may_say(by, terms)?;
        check(!self.present.belongs.contains_key(&who), RegistryError::AlreadyAttested)?;
        match self.present.said.get(&identity).filter(|said| said.holds(self.now)) {
            Some(said) => check(said.terms == terms, RegistryError::OtherTerms)?,
            None => self.say(by, identity, terms),
        }
        self.present.belongs.insert(who, identity);
        self.uses.push((by, self.now / DAY));
        Ok(())
    }

    pub fn renew(&mut self, by: Who, identity: u8, terms: (Tier, Moment, u8)) -> Done {
        self.may_say(by, terms)?;
        let said = self.present.said.get(&identity).ok_or(RegistryError::NotAttested)?;
        check(!said.holds(self.now) || self.desks[&by].0 & (1 << said.terms.0) != 0, RegistryError::WrongTier)?;
        self.say(by, identity, terms);
        self.uses.push((by, self.now / DAY));
        Ok(())
    }

    fn said_it(&self, by: Who, identity: u8) -> bool {
        self.present.said[&identity].by == by && self.desks.contains_key(&by)
    }

    fn counted(&mut self, identity: u8) -> Result<Said, RegistryError> {
        self.present.said.get(&identity).copied().filter(|said| said.counts).ok_or(RegistryError::NotAttested)
    }

    fn count_out(&mut self, identity: u8) -> Done {
        self.present.said.get_mut(&identity).expect("it counts").counts = false;
        Ok(())
    }

    pub fn revoke(&mut self, by: Who, identity: u8) -> Done {
        self.counted(identity)?;
        check(by == GOVERNOR || self.said_it(by, identity), RegistryError::NotItsAttestor)?;
        self.count_out(identity)
    }

    pub fn expire(&mut self, identity: u8) -> Done {
        let said = self.counted(identity)?;
        check(!said.holds(self.now), RegistryError::NotExpired)?;
        self.count_out(identity)
    }

    pub fn detach(&mut self, by: Who, who: Who) -> Done {
        let identity = *self.present.belongs.get(&who).ok_or(RegistryError::NotAttested)?;
        check(by == who || self.said_it(by, identity), RegistryError::NotItsAttestor)?;
        check(!self.frozen.contains(&Err(identity)), RegistryError::Frozen)?;
        self.present.belongs.remove(&who);
        Ok(())
    }

    pub fn freeze(&mut self, by: Who, subject: Subject) -> Done {
        check(self.has_role(by, 0), RegistryError::NotOfficer)?;
        check(self.frozen.insert(subject), RegistryError::AlreadyFrozen)
    }

    pub fn unfreeze(&mut self, by: Who, subject: Subject) -> Done {
        check(self.has_role(by, 0), RegistryError::NotOfficer)?;
        check(self.frozen.remove(&subject), RegistryError::NotFrozen)
    }

    pub fn link(&mut self, who: Who, with: Who, nonce: u32, deadline: Moment, signed: bool) -> Done {
        check(self.now <= deadline, RegistryError::DeadlinePassed)?;
        let expected = self.nonces.get(&who).copied().unwrap_or_default();
        check(nonce == expected, RegistryError::WrongNonce)?;
        let identity = *self.present.belongs.get(&with).ok_or(RegistryError::NotAttested)?;
        check(self.present.said[&identity].holds(self.now), RegistryError::NotAttested)?;
        check(signed, RegistryError::WrongSignature)?;
        check(!self.present.belongs.contains_key(&who), RegistryError::AlreadyAttested)?;
        self.present.belongs.insert(who, identity);
        self.nonces.insert(who, expected + 1);
        Ok(())
    }

    pub fn order(&self, by: Who) -> Done {
        check(by == GOVERNOR, RegistryError::NotGovernor)
    }

    pub fn accredit(&mut self, by: Who, who: Who, tiers: u16, cap: u32) -> Done {
        self.order(by)?;
        self.desks.insert(who, (tiers, cap));
        Ok(())
    }

    pub fn disaccredit(&mut self, by: Who, who: Who) -> Done {
        self.order(by)?;
        self.uses.retain(|(used, _)| *used != who);
        self.desks.remove(&who).map(|_| ()).ok_or(RegistryError::NotAttestor)
    }

    pub fn grant(&mut self, by: Who, who: Who, role: u8, until: Moment) -> Done {
        self.order(by)?;
        check(until > self.now, RegistryError::BadExpiry)?;
        self.roles.insert((who, role), until);
        Ok(())
    }

    pub fn take_away(&mut self, by: Who, who: Who, role: u8) -> Done {
        self.order(by)?;
        self.roles.remove(&(who, role)).map(|_| ()).ok_or(RegistryError::NoRole)
    }

    pub fn publish(&mut self, by: Who, key: Key) -> Result<u32, RegistryError> {
        self.order(by)?;
        check(key.3 > self.now && key.2 <= key.3, RegistryError::BadExpiry)?;
        let held = self.keys.iter().filter(|other| (other.0, other.1) == (key.0, key.1) && self.now <= other.3);
        check(held.count() < limits::KEYS, RegistryError::TooManyKeys)?;
        self.keys.push(key);
        Ok(u32::try_from(self.keys.len() - 1).expect("few"))
    }

    pub fn revoke_key(&mut self, by: Who, number: usize) -> Done {
        self.order(by)?;
        let now = self.now;
        let key = self.keys.get_mut(number).ok_or(RegistryError::UnknownKey)?;
        check(now <= key.3, RegistryError::KeyOver)?;
        key.3 = now - 1;
        Ok(())
    }
}
