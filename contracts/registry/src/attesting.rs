//! Attesting identities, and what it comes to.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    AccountId, Leaf, Moment,
    refusal::{OrRefuse, refuse},
    registry::{
        Accreditation, Attest, Attestation, Attested, Certified, Detached, Expired, IdentityId, Reason, RegistryError,
        Revoked, Subject, Tier, limits,
    },
};

impl Registry {
    pub(crate) fn said_of(&self, identity: IdentityId) -> Option<Attestation> {
        self.attestations.get(identity).map(|Leaf(attestation)| attestation)
    }

    /// The identity of an account at the end of a past moment, if it was attested then.
    pub(crate) fn attested_at(&self, account: AccountId, moment: Moment) -> Option<IdentityId> {
        let identity = self.identities.value_at(account, moment)?;
        (moment <= self.validity.value_at(identity, moment)).then_some(identity)
    }

    /// The identity of an account, if it is attested now, and how.
    pub(crate) fn attested(&self, account: AccountId) -> Option<(IdentityId, Attestation)> {
        let identity = self.identities.value(account)?;
        Some((identity, self.said_of(identity).filter(|said| said.holds(self.now()))?))
    }

    pub(crate) fn clears(&self, account: AccountId, tier: Tier) -> bool {
        self.attested(account).is_some_and(|(identity, attestation)| {
            attestation.tier >= tier
                && !self.frozen.contains(Subject::Identity(identity))
                && !self.frozen.contains(Subject::Account(account))
        })
    }

    pub(crate) fn attest_as_caller(&mut self, account: AccountId, attest: Attest) {
        self.accreditation_for(&attest);
        let Attest { identity, tier, expires, commitment } = attest;
        self.assign(account, identity);
        let said = self.said_of(identity);
        match said.filter(|said| said.holds(self.now())) {
            None => self.certify(attest, said),
            Some(said) => {
                if (said.tier, said.expires, said.commitment) != (tier, expires, commitment) {
                    refuse(RegistryError::OtherTerms);
                }
            }
        }
    }

    pub(crate) fn renew_as_caller(&mut self, attest: Attest) {
        let accreditation = self.accreditation_for(&attest);
        let said = self.said_of(attest.identity).or_refuse(RegistryError::NotAttested);
        if said.holds(self.now()) && !accreditation.tiers.contain(said.tier) {
            refuse(RegistryError::WrongTier);
        }
        self.certify(attest, Some(said));
    }

    pub(crate) fn revoke_as_caller(&mut self, identity: IdentityId, reason: Reason) {
        let said = self.counted(identity);
        if !self.is_governed() {
            self.only_attestor_of(Some(said));
        }
        self.count_out(identity, said);
        self.set_validity(identity, 0);
        self.env().emit_event(Revoked { identity, by: self.caller(), reason });
    }

    pub(crate) fn note_expiry(&mut self, identity: IdentityId) {
        let said = self.counted(identity);
        if said.holds(self.now()) {
            refuse(RegistryError::NotExpired);
        }
        self.count_out(identity, said);
        self.env().emit_event(Expired { identity });
    }

    pub(crate) fn detach_as_caller(&mut self, account: AccountId) {
        let identity = self.identities.value(account).or_refuse(RegistryError::NotAttested);
        let by = self.caller();
        if by != account {
            self.only_attestor_of(self.said_of(identity));
        }
        if self.frozen.contains(Subject::Identity(identity)) {
            refuse(RegistryError::Frozen);
        }
        self.identities.set(account, self.now(), None).or_refuse(RegistryError::Overflow);
        self.env().emit_event(Detached { account, identity, by });
    }

    /// Lets an account that belongs to no identity belong to this one.
    pub(crate) fn assign(&mut self, account: AccountId, identity: IdentityId) {
        if self.identities.value(account).is_some() {
            refuse(RegistryError::AlreadyAttested);
        }
        self.identities.set(account, self.now(), Some(identity)).or_refuse(RegistryError::Overflow);
        self.env().emit_event(Attested { account, identity });
    }

    /// What the caller's accreditation allows, if that includes to say this now.
    fn accreditation_for(&mut self, attest: &Attest) -> Accreditation {
        let accreditation = self.use_accreditation(attest.tier);
        self.only_future(attest.expires);
        if attest.expires > self.now().saturating_add(limits::VALIDITY) {
            refuse(RegistryError::BadExpiry);
        }
        accreditation
    }

    /// Lets an identity, of which this was said before, be attested as the caller says.
    fn certify(&mut self, attest: Attest, before: Option<Attestation>) {
        let Attest { identity, tier, expires, commitment } = attest;
        let attestor = self.caller();
        if !before.is_some_and(|before| before.counts) {
            self.count(|number| number.checked_add(1));
        }
        let said = Attestation { attestor, tier, expires, commitment, counts: true };
        self.attestations.insert(identity, &Leaf(said));
        self.set_validity(identity, expires);
        self.env().emit_event(Certified { identity, attestor, tier, expires, commitment });
    }

    /// Goes on only for the attestor that said this, and only while it is one.
    fn only_attestor_of(&self, said: Option<Attestation>) {
        let caller = self.caller();
        if said.is_none_or(|said| said.attestor != caller) || !self.desks.contains(caller) {
            refuse(RegistryError::NotItsAttestor);
        }
    }

    /// What was said of an identity that counts.
    fn counted(&self, identity: IdentityId) -> Attestation {
        self.said_of(identity).filter(|said| said.counts).or_refuse(RegistryError::NotAttested)
    }

    fn count_out(&mut self, identity: IdentityId, said: Attestation) {
        self.attestations.insert(identity, &Leaf(Attestation { counts: false, ..said }));
        self.count(|number| number.checked_sub(1));
    }

    fn count(&mut self, step: fn(u32) -> Option<u32>) {
        let population = step(self.population.value(())).or_refuse(RegistryError::Overflow);
        self.population.set((), self.now(), population).or_refuse(RegistryError::Overflow);
    }

    fn set_validity(&mut self, identity: IdentityId, until: Moment) {
        self.validity.set(identity, self.now(), until).or_refuse(RegistryError::Overflow);
    }
}
