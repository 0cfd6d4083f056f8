//! Linking accounts by signatures of both.

use crate::registry::Registry;
use ink::codegen::Env;
use interfaces::{
    refusal::{OrRefuse, refuse},
    registry::{Link, Linked, Links, RegistryError},
    signed::{Signature, verify},
};

impl Registry {
    pub(crate) fn join(&mut self, link: Link, by_account: &Signature, by_with: &Signature) {
        let Link { account, with, nonce, deadline } = link;
        if self.now() > deadline {
            refuse(RegistryError::DeadlinePassed);
        }
        if nonce != self.nonce(account) {
            refuse(RegistryError::WrongNonce);
        }
        let (identity, _) = self.attested(with).or_refuse(RegistryError::NotAttested);
        let chain = self.chain.get().unwrap_or_default();
        let text = link.text(&chain, &self.env().account_id());
        for (signature, signer) in [(by_account, account), (by_with, with)] {
            if !verify(signature, text.as_bytes(), &signer) {
                refuse(RegistryError::WrongSignature);
            }
        }
        self.nonces.insert(account, &nonce.checked_add(1).or_refuse(RegistryError::Overflow));
        self.assign(account, identity);
        self.env().emit_event(Linked { account, with, identity, nonce });
    }
}
