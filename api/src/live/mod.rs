//! Following the mirror as it moves: a stream of what changes, and answers that are as new as the client asks for.

mod changes;
mod min_block;
mod stream;
mod tip;

pub(crate) use min_block::wait_for_min_block;
pub(crate) use stream::{Streams, routes};
pub(crate) use tip::Tip;
