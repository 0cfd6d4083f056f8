//! Parameters: values that only proposals of their owner's kind change, now or from a later moment on.

use super::{SettingsError, limits};
use crate::{AccountId, Millis, Moment, governor::Kind, key::Key};
use ink::prelude::string::String;

/// A decimal number: `units` divided by 10 to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Decimal {
    /// The number without its point.
    pub units: i128,
    /// How many of its digits stand behind the point; at most [`limits::DECIMALS`].
    pub scale: u8,
}

/// What a parameter is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with as many decimals as the parameter's bounds say.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// A length of time.
    Duration(Millis),
    /// An account.
    Account(AccountId),
}

/// The type of a parameter, and which of its values are allowed; the ends of a range are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Bounds {
    /// Both.
    Bool,
    /// Whole numbers of a range.
    Integer {
        /// The least.
        least: i128,
        /// The greatest.
        most: i128,
    },
    /// Decimal numbers of a range. How many decimals they have is part of the type, so that nobody who reads them has to
    /// expect another unit.
    Decimal {
        /// How many digits stand behind the point; at most [`limits::DECIMALS`].
        scale: u8,
        /// The least, in units.
        least: i128,
        /// The greatest, in units.
        most: i128,
    },
    /// Texts that are not too long.
    Text {
        /// The longest, in bytes; at most [`limits::TEXT`].
        longest: u16,
    },
    /// Lengths of time of a range.
    Duration {
        /// The shortest.
        least: Millis,
        /// The longest.
        most: Millis,
    },
    /// All.
    Account,
}

impl Bounds {
    /// Whether there is a value within them, and every one can be stored.
    ///
    /// # Errors
    /// [`SettingsError::BadBounds`].
    pub fn check(&self) -> Result<(), SettingsError> {
        let good = match self {
            Self::Bool | Self::Account => true,
            Self::Integer { least, most } => least <= most,
            Self::Decimal { scale, least, most } => *scale <= limits::DECIMALS && least <= most,
            Self::Text { longest } => *longest <= limits::TEXT,
            Self::Duration { least, most } => least <= most,
        };
        if good { Ok(()) } else { Err(SettingsError::BadBounds) }
    }

    /// Whether a value is one of those that are allowed.
    ///
    /// # Errors
    /// [`SettingsError::WrongType`], [`SettingsError::OutOfBounds`].
    pub fn admit(&self, value: &Value) -> Result<(), SettingsError> {
        let within = match (self, value) {
            (Self::Bool, Value::Bool(_)) | (Self::Account, Value::Account(_)) => true,
            (Self::Integer { least, most }, Value::Integer(number)) => (least..=most).contains(&number),
            (Self::Decimal { scale, least, most }, Value::Decimal(number)) if number.scale == *scale => {
                (least..=most).contains(&&number.units)
            }
            (Self::Text { longest }, Value::Text(text)) => text.len() <= usize::from(*longest),
            (Self::Duration { least, most }, Value::Duration(time)) => (least..=most).contains(&time),
            _ => return Err(SettingsError::WrongType),
        };
        if within { Ok(()) } else { Err(SettingsError::OutOfBounds) }
    }

    /// Whether these are bounds of the same type, whatever values they allow.
    pub fn is_of_type(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Decimal { scale, .. }, Self::Decimal { scale: other, .. }) => scale == other,
            _ => core::mem::discriminant(self) == core::mem::discriminant(other),
        }
    }
}

/// What a parameter is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Definition {
    /// Which proposals may change it, and what it is.
    pub owner: Kind,
    /// Its type and what it can be set to.
    pub bounds: Bounds,
    /// How long it is meant to be there, and what for; at most [`limits::NOTE`] bytes.
    pub note: String,
}

/// A change to come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Change {
    /// The first moment of the new value.
    pub from: Moment,
    /// The value.
    pub value: Value,
}

/// What a parameter is set to and what it will be: all that its value follows from until it is changed again. Time
/// brings the change that is to come without anybody doing anything.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Course {
    /// The value; nothing before the parameter is defined, and when it is retired.
    pub value: Option<Value>,
    /// The change to come, of which there is one at most.
    pub next: Option<Change>,
}

impl Course {
    /// The value at `moment`.
    pub fn at(mut self, moment: Moment) -> Option<Value> {
        self.settle(moment);
        self.value
    }

    /// Notes that the change to come has come, if it has at `now`.
    pub fn settle(&mut self, now: Moment) {
        if let Some(Change { value, .. }) = self.next.take_if(|next| next.from <= now) {
            self.value = Some(value);
        }
    }
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Parameter {
    /// What it is.
    pub definition: Definition,
    /// What it is set to at this block's time, and what it will be.
    pub course: Course,
}

/// What can be done with parameters. The governor alone may change them.
#[ink::trait_definition]
pub trait Parameters {
    /// Says what a parameter is, and sets it; a change to come is dropped. A new one is defined by a
    /// [`Kind::ParameterChange`]; one that was ever defined, retired or not, by its owner, and keeps its type.
    #[ink(message)]
    fn define(&mut self, kind: Kind, key: Key, definition: Definition, value: Value) -> Result<(), SettingsError>;

    /// Sets a parameter: at once, or `from` a moment on if that is still to come. Then it takes the place of the change
    /// that was to come; one made at once leaves that as it is. Only for its owner.
    #[ink(message)]
    fn set(&mut self, kind: Kind, key: Key, value: Value, from: Option<Moment>) -> Result<(), SettingsError>;

    /// Drops the change to come. Only for the parameter's owner.
    #[ink(message)]
    fn cancel(&mut self, kind: Kind, key: Key) -> Result<(), SettingsError>;

    /// Lets a parameter have no value from now on; what it was stays known. Only for its owner.
    #[ink(message)]
    fn retire(&mut self, kind: Kind, key: Key) -> Result<(), SettingsError>;

    /// A parameter, if one of this name was ever defined.
    #[ink(message)]
    fn parameter(&self, key: Key) -> Option<Parameter>;

    /// A parameter's value at this block's time, if it has one.
    #[ink(message)]
    fn value(&self, key: Key) -> Option<Value>;

    /// A parameter's value at the end of `moment`, if it had one.
    #[ink(message)]
    fn value_at(&self, key: Key, moment: Moment) -> Result<Option<Value>, SettingsError>;

    /// How many parameters were ever defined; their numbers are below this.
    #[ink(message)]
    fn parameter_count(&self) -> u32;

    /// The name of the parameter with this number.
    #[ink(message)]
    fn parameter_key(&self, number: u32) -> Option<Key>;
}

/// A parameter was defined or defined anew. No change of it is to come.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterDefined {
    /// Which.
    #[ink(topic)]
    pub key: Key,
    /// What it is.
    pub definition: Definition,
    /// What it is set to.
    pub value: Value,
}

/// A parameter was set, or a change of it that was to come is no longer, or another is.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterSet {
    /// Which.
    #[ink(topic)]
    pub key: Key,
    /// What it is set to, and what it will be.
    pub course: Course,
}

/// A parameter was retired: it has no value, and no change of it is to come.
#[ink::event]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterRetired {
    /// Which.
    #[ink(topic)]
    pub key: Key,
}
