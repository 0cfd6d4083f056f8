//! What may be an execution's doing.

use std::collections::HashMap;

/// What happened in each extrinsic of a block, and no execution has claimed yet. The governor tells of an execution after
/// it has made the proposal's calls, so what happened since the extrinsic's last execution was done by this one.
#[derive(Debug)]
pub struct Unclaimed<E>(HashMap<Option<u32>, Vec<E>>);

impl<E> Unclaimed<E> {
    /// Something happened.
    pub fn push(&mut self, extrinsic: Option<u32>, what: E) {
        self.0.entry(extrinsic).or_default().push(what);
    }

    /// What the execution that was just told of did.
    pub fn claim(&mut self, extrinsic: Option<u32>) -> Vec<E> {
        self.0.remove(&extrinsic).unwrap_or_default()
    }

    /// The block is over: what nobody has claimed, nobody will.
    pub fn end_block(&mut self) {
        self.0.clear();
    }
}

impl<E> Default for Unclaimed<E> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
