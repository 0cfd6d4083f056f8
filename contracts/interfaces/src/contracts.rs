//! All contracts of one deployment. Whoever brings another contract into the product adds it here, and every program that
//! goes through them has it.

macro_rules! contracts {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// One `T` for each contract: its account, its code, or what else there is to know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
        pub struct Contracts<T> {
            $($(#[$doc])+ pub $name: T,)+
        }

        impl<T> Contracts<T> {
            /// How they are called in files, tables and bundles.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// What `f` makes of each name.
            ///
            /// # Errors
            /// The first that `f` has.
            pub fn try_from_fn<E>(mut f: impl FnMut(&'static str) -> Result<T, E>) -> Result<Self, E> {
                Ok(Self { $($name: f(stringify!($name))?,)+ })
            }

            /// All of them, by name.
            pub fn each(&self) -> impl Iterator<Item = (&'static str, &T)> {
                [$((stringify!($name), &self.$name)),+].into_iter()
            }

            /// What `f` makes of each.
            pub fn map<U>(&self, mut f: impl FnMut(&T) -> U) -> Contracts<U> {
                Contracts { $($name: f(&self.$name),)+ }
            }
        }
    };
}

contracts! {
    /// The governor.
    governor,
    /// The relay of what was signed off chain.
    relay,
    /// The ledger of holdings.
    ledger,
    /// The governance token.
    token,
    /// The registry of identities.
    registry,
    /// The rankings of ranked polls.
    rankings,
    /// The ballot box.
    polls,
    /// The treasury.
    treasury,
    /// The settings.
    settings,
}
