//! Contracts that obey Alice as those of the stage obey the governor: what governance orders can be sent often so, and
//! measured without a vote on each.

use super::stage::Stage;
use crate::{Result, deploy};
use client::{
    AccountId32, Message, Signer, Upload,
    messages::{constructors, treasury},
};
use interfaces::{
    AccountId, Balance, Hash, Moment,
    registry::Accreditation,
    treasury::{Asset, Budget, EscrowId, Milestone, Release},
};

/// A category with a budget that no benchmark exhausts.
const CATEGORY: u16 = 0;

/// What each milestone pays, in base units.
const AMOUNT: Balance = 1_000;

/// What the treasury begins with, in base units.
const ENDOWMENT: Balance = 1_000_000_000_000;

/// How long milestones can be paid: a year.
const YEAR: Moment = 365 * 86_400_000;

impl Stage {
    /// A registry in which Alice attests without a cap.
    pub(super) async fn own_registry(&self) -> Result<AccountId32> {
        let accreditation = Accreditation { tiers: [1, 2].into_iter().collect(), daily_cap: u32::MAX };
        let data = constructors::registry(id(&self.alice), &[(id(&self.alice), accreditation)], self.genesis());
        self.own("registry", data, 0).await
    }

    /// Settings that ask the stage's registry who is an operator.
    pub(super) async fn own_settings(&self) -> Result<AccountId32> {
        let registry = AccountId::from(self.contracts.registry.account.0);
        self.own("settings", constructors::settings(id(&self.alice), registry), 0).await
    }

    /// A treasury in which Alice and Bob must both approve of releases.
    pub(super) async fn own_treasury(&self) -> Result<Treasury> {
        let registry = AccountId::from(self.contracts.registry.account.0);
        let budget = Budget {
            asset: Asset::Native,
            cap: ENDOWMENT,
            period: YEAR,
            begins: 0,
            carries: false,
            // Asking the registry costs the same however many it knows: that is measured with identities.
            tier: None,
        };
        let data = constructors::treasury(id(&self.alice), registry, self.genesis(), &[(CATEGORY, budget)]);
        let account = self.own("treasury", data, ENDOWMENT).await?;
        let bob = client::development_account("bob")?;
        let mut signers = [id(&self.alice), id(&bob)];
        signers.sort_unstable();
        self.chain.contract(account).send(&self.alice, &treasury::set_signers(&signers, 2)).await?;
        Ok(Treasury { account, bob })
    }

    async fn own(&self, name: &'static str, data: Vec<u8>, endowment: Balance) -> Result<AccountId32> {
        let bundle = deploy::bundle(&self.plan.bundles, name)?;
        let upload = Upload { name, wasm: &bundle.wasm, data, endowment };
        Ok(self.chain.instantiate(&self.alice, &upload).await?.0.account)
    }

    fn genesis(&self) -> Hash {
        Hash::from(self.chain.genesis_hash().0)
    }
}

/// A treasury that obeys Alice.
pub(super) struct Treasury {
    pub(super) account: AccountId32,
    pub(super) bob: Signer,
}

impl Treasury {
    /// The order to open an escrow with one milestone, which pays Bob.
    pub(super) async fn opening(
        &self,
        stage: &Stage,
    ) -> Result<Message<std::result::Result<EscrowId, interfaces::treasury::TreasuryError>>> {
        let latest = stage.now().await?.saturating_add(YEAR);
        let deliverable = Hash::from([1; 32]);
        let milestone = Milestone { payee: id(&self.bob), amount: AMOUNT, earliest: 0, latest, deliverable };
        Ok(treasury::open_escrow(CATEGORY, &[milestone]))
    }

    /// The payment of all that the milestone of such an escrow has.
    pub(super) fn payment(&self, escrow: EscrowId) -> Release {
        Release { escrow, milestone: 0, payee: id(&self.bob), amount: AMOUNT, nonce: 0 }
    }
}

fn id(signer: &Signer) -> AccountId {
    AccountId::from(signer.account().0)
}
