//! Storing a type of a crate that knows no ink!.

use scale::{Decode, Encode};

/// One storage cell's value whose type, like those of `ballot`, has no ink! storage layout of its own.
/// Encodes exactly as `T`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub struct Leaf<T>(pub T);

#[cfg(feature = "std")]
impl<T: scale_info::TypeInfo + 'static> ink::storage::traits::StorageLayout for Leaf<T> {
    fn layout(key: &ink::primitives::Key) -> ink::metadata::layout::Layout {
        use ink::metadata::layout::{LayoutKey, LeafLayout};
        LeafLayout::new(LayoutKey::from(key), scale_info::meta_type::<T>()).into()
    }
}
