//! Whether the mirror is whole: no block or event is missing, doubled or changed, and what was projected follows from them.

use crate::{
    config::{ChainUrl, DatabaseUrl},
    error::Error,
    facts::{BlockFacts, Height, Hex},
    source::{Connect, Node, Source},
    store::{Comparison, Kept, Watcher, check_projection},
};
use futures::{StreamExt, stream};
use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

/// Blocks that are asked for at once.
const AT_ONCE: usize = 16;

/// How many of the mirrored blocks are compared with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// Every one.
    All,
    /// As many, drawn by chance, and always the first and the last.
    Some(u64),
}

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// How many blocks are mirrored.
    pub blocks: u64,
    /// How many contract events of them are kept.
    pub events: u64,
    /// How many of the blocks were compared with the chain's.
    pub compared: u64,
    /// What was projected anew from them, and what of the live projection is not the same; nothing where it was not asked for.
    pub projection: Option<Comparison>,
    /// Everything that is wrong with blocks and events, as sentences.
    pub wrong: Vec<String>,
}

impl Findings {
    /// How many things are wrong.
    pub fn count(&self) -> usize {
        self.wrong.len() + self.projection.as_ref().map_or(0, |found| found.differences.len())
    }
}

/// Looks whether the mirror in `database` is whole, by itself and beside the chain at `chain`. With `projection`, whether the
/// projection is what follows from the events; that takes the role that owns the database.
///
/// # Errors
/// If the chain or the database cannot be asked. What is wrong with the mirror is no error here: it is in the findings.
pub async fn check(
    database: &DatabaseUrl,
    chain: ChainUrl,
    sample: Sample,
    projection: bool,
    watcher: &mut impl CheckWatcher,
) -> Result<Findings, Error> {
    let mut kept = Kept::open(database).await?;
    let mut wrong = kept.gaps().await?;
    let (heights, events) = (kept.heights(), kept.events().await?);
    let deployment = *kept.deployment();
    let node = Node { url: chain, genesis: deployment.genesis, treasury: deployment.contracts.treasury };
    let source = Arc::new(node.connect().await?);
    let drawn = drawn(heights.clone(), sample);
    let all = drawn.len() as u64;
    let theirs = stream::iter(drawn).map(|height| {
        let source = Arc::clone(&source);
        async move { (height, source.block(height).await) }
    });
    let mut theirs = std::pin::pin!(theirs.buffered(AT_ONCE));
    let mut compared = 0_u64;
    while let Some((height, theirs)) = theirs.next().await {
        let theirs = theirs?;
        // One that is missing was told already: the heights were gone through.
        if let Some(ours) = kept.block(height).await? {
            wrong.extend(difference(&ours, &theirs));
        }
        compared += 1;
        watcher.compared(compared, all);
    }
    kept.close().await?;
    // What is missing cannot be projected.
    let projection =
        if projection && wrong.is_empty() { Some(check_projection(database, watcher).await?) } else { None };
    Ok(Findings { blocks: heights.end - heights.start, events, compared, projection, wrong })
}

/// What to tell while it takes its time.
pub trait CheckWatcher: Watcher {
    /// So many of so many blocks are compared.
    fn compared(&mut self, blocks: u64, of: u64);
}

/// The heights to compare, in their order.
fn drawn(heights: std::ops::Range<Height>, sample: Sample) -> Vec<Height> {
    let length = heights.end.saturating_sub(heights.start);
    match sample {
        Sample::Some(count) if count < length => {
            // Anew each time: whoever changes a block cannot know which ones will be looked at.
            let chance = RandomState::new();
            let mut drawn = BTreeSet::from([heights.start, heights.end - 1]);
            let mut number = 0_u64;
            while (drawn.len() as u64) < count.max(2) {
                drawn.insert(heights.start + chance.hash_one(number) % length);
                number += 1;
            }
            drawn.into_iter().collect()
        }
        _ => heights.collect(),
    }
}

/// What of a block is not as the chain has it, as a sentence.
fn difference(ours: &BlockFacts, theirs: &BlockFacts) -> Option<String> {
    let height = theirs.id.height;
    let differs = |what: &str, ours: &dyn std::fmt::Display, theirs: &dyn std::fmt::Display| {
        Some(format!("block {height}: {what} is {ours} in the mirror and {theirs} on the chain"))
    };
    if ours.id != theirs.id {
        return differs("the hash", &Hex(ours.id.hash.as_ref()), &Hex(theirs.id.hash.as_ref()));
    }
    if ours.parent != theirs.parent {
        return differs("the parent", &Hex(ours.parent.as_ref()), &Hex(theirs.parent.as_ref()));
    }
    if ours.state_root != theirs.state_root {
        return differs("the state root", &Hex(ours.state_root.as_ref()), &Hex(theirs.state_root.as_ref()));
    }
    if ours.moment != theirs.moment {
        return differs("the moment", &ours.moment, &theirs.moment);
    }
    if ours.spec_version != theirs.spec_version {
        return differs("the runtime's version", &ours.spec_version, &theirs.spec_version);
    }
    if ours.events.len() != theirs.events.len() {
        return differs("the number of contract events", &ours.events.len(), &theirs.events.len());
    }
    if let Some((ours, _)) = ours.events.iter().zip(&theirs.events).find(|(ours, theirs)| ours != theirs) {
        return Some(format!("block {height}: event {} is not the chain's", ours.index));
    }
    if ours.treasury_free != theirs.treasury_free {
        return differs("what the treasury holds", &ours.treasury_free, &theirs.treasury_free);
    }
    if ours.existential_deposit != theirs.existential_deposit {
        return differs("the existential deposit", &ours.existential_deposit, &theirs.existential_deposit);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_the_first_and_the_last_and_no_block_twice() {
        for count in [0, 2, 3, 50, 99] {
            let drawn = drawn(10..110, Sample::Some(count));
            assert_eq!(drawn.len() as u64, count.max(2));
            assert_eq!((drawn.first(), drawn.last()), (Some(&10), Some(&109)));
            assert!(drawn.is_sorted_by(|one, other| one < other), "{drawn:?}");
        }
    }

    #[test]
    fn all_are_drawn_where_there_are_no_more() {
        let all: Vec<_> = (10..13).collect();
        assert_eq!(drawn(10..13, Sample::Some(3)), all);
        assert_eq!(drawn(10..13, Sample::All), all);
        assert_eq!(drawn(10..10, Sample::Some(5)), Vec::<Height>::new());
    }
}
