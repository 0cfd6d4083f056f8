//! Feature flags: what is enforced of them, and what they say.
//!
//! What a flag says is stored whole and not as a hash. The order brings all of it and the event repeats all of it in any
//! case; storing it costs no more per byte than the deposit, on the local chain 0.02 of the currency for the largest, which
//! is returned when it shrinks, and a write of a few millionths of a block. For that everyone can ask the contract what a flag
//! says without a store of past events that has to be trusted and kept. It is a cell of its own, so that whoever steers a
//! flag neither reads nor writes it.

use crate::{
    kinds::{FOUNDER, only},
    names::Names,
};
use ballot::BasisPoints;
use ink::{
    prelude::string::String,
    storage::{Mapping, traits::StorageKey},
};
use interfaces::{
    Leaf,
    governor::Kind,
    key::Key,
    settings::{Control, Flag, FlagOrder, SettingsError, limits},
};

/// All flags.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct FlagBook {
    names: Names,
    controls: Mapping<u32, Leaf<Control>>,
    bodies: Mapping<u32, String>,
}

impl FlagBook {
    /// Their names.
    pub fn names(&self) -> &Names<impl StorageKey> {
        &self.names
    }

    /// A flag.
    pub fn flag(&self, key: &Key) -> Option<Flag> {
        let number = self.names.find(key)?;
        let Leaf(control) = self.controls.get(number)?;
        Some(Flag { control, body: self.bodies.get(number)? })
    }

    /// Sets a flag as governance wants it. Answers what is enforced then.
    ///
    /// # Errors
    /// [`SettingsError::BadBody`], [`SettingsError::AboveCeiling`], [`SettingsError::WrongKind`],
    /// [`SettingsError::Overflow`].
    pub fn set(&mut self, kind: Kind, key: &Key, order: &FlagOrder) -> Result<Control, SettingsError> {
        let FlagOrder { owner, ceiling, exposure, body } = order;
        if !(1..=limits::BODY).contains(&body.len()) {
            return Err(SettingsError::BadBody);
        }
        let known = self.names.find(key).and_then(|number| self.controls.get(number)).map(|Leaf(known)| known);
        only(known.map_or(FOUNDER, |known| known.owner), kind)?;
        let killed = known.is_some_and(|known| known.killed);
        let wanted = within(*ceiling, *exposure)?;
        let exposure = if killed { BasisPoints::NONE } else { wanted };
        let control = Control { owner: *owner, ceiling: *ceiling, exposure, killed };
        let number = self.names.number(key)?;
        self.controls.insert(number, &Leaf(control));
        self.bodies.insert(number, body);
        Ok(control)
    }

    /// Changes what is enforced of a flag, and answers what that is then.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], and those of `change`.
    pub fn steer(
        &mut self,
        key: &Key,
        change: impl FnOnce(Control) -> Result<Control, SettingsError>,
    ) -> Result<Control, SettingsError> {
        let number = self.names.find(key).ok_or(SettingsError::Unknown)?;
        let Leaf(control) = self.controls.get(number).ok_or(SettingsError::Unknown)?;
        let changed = change(control)?;
        self.controls.insert(number, &Leaf(changed));
        Ok(changed)
    }
}

/// An exposure that a ceiling allows.
fn within(ceiling: BasisPoints, exposure: BasisPoints) -> Result<BasisPoints, SettingsError> {
    if exposure <= ceiling { Ok(exposure) } else { Err(SettingsError::AboveCeiling) }
}

/// A flag that so many are exposed to.
///
/// # Errors
/// [`SettingsError::Killed`], [`SettingsError::AboveCeiling`].
pub fn exposed(control: Control, exposure: BasisPoints) -> Result<Control, SettingsError> {
    if control.killed {
        return Err(SettingsError::Killed);
    }
    Ok(Control { exposure: within(control.ceiling, exposure)?, ..control })
}

/// A flag that nobody is exposed to any more.
///
/// # Errors
/// [`SettingsError::Killed`].
pub fn killed(control: Control) -> Result<Control, SettingsError> {
    if control.killed {
        return Err(SettingsError::Killed);
    }
    Ok(Control { exposure: BasisPoints::NONE, killed: true, ..control })
}

/// A flag that people can be exposed to again.
///
/// # Errors
/// [`SettingsError::NotKilled`].
pub fn revived(control: Control) -> Result<Control, SettingsError> {
    if control.killed { Ok(Control { killed: false, ..control }) } else { Err(SettingsError::NotKilled) }
}
