//! Which kinds of proposals may order what.

use interfaces::{governor::Kind, settings::SettingsError};

/// Who brings in what has no owner yet.
pub const FOUNDER: Kind = Kind::ParameterChange;

/// Goes on only if a proposal of the kind that may order something did.
///
/// # Errors
/// [`SettingsError::WrongKind`].
pub fn only(may: Kind, does: Kind) -> Result<(), SettingsError> {
    if does == may { Ok(()) } else { Err(SettingsError::WrongKind(may)) }
}
