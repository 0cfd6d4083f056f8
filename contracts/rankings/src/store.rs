//! The rankings of a poll: each once, with the power behind it.
//!
//! Rankings are numbered without gaps, and those of [`CHUNK`] successive numbers share a cell, so that counting reads
//! few cells. A ranking that nobody stands behind any more goes, and the last one takes its number: however often votes
//! are changed, there are never more rankings than votes.

use ballot::{Power, Ranking};
use ink::{prelude::vec::Vec, storage::Mapping};
use interfaces::{
    Leaf, ProposalId,
    rankings::{CHUNK, Move},
};

/// Rankings of successive numbers, and the power behind each.
pub type Chunk = Vec<(Ranking, Power)>;

/// A chunk of a poll.
type Place = (ProposalId, u32);

/// The rankings of all polls.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct Store {
    /// The number of a ranking in a poll.
    numbers: Mapping<(ProposalId, Ranking), u32>,
    chunks: Mapping<Place, Leaf<Chunk>>,
}

/// Where a number is: in which chunk, and at which place in it.
pub fn place(number: u32) -> (u32, usize) {
    (number / CHUNK, usize::try_from(number % CHUNK).unwrap_or_default())
}

impl Store {
    /// The rankings of this chunk.
    pub fn chunk(&self, poll: ProposalId, chunk: u32) -> Chunk {
        self.chunks.get((poll, chunk)).unwrap_or_default().0
    }

    /// Moves power. Answers how many distinct ones there are now, where there were
    /// `distinct`; nothing if there is less to take away, or no room.
    pub fn change(&mut self, poll: ProposalId, distinct: u32, moved: &Move) -> Option<u32> {
        let Move { way, ranking, power } = moved;
        let known = self.number(poll, ranking);
        let number = known.unwrap_or(distinct);
        let (chunk, at) = place(number);
        let mut entries = self.chunk(poll, chunk);
        if known.is_none() {
            entries.push((ranking.clone(), 0));
            self.numbers.insert((poll, ranking), &number);
        }
        let (_, weight) = entries.get_mut(at)?;
        *weight = way.apply(*weight, *power).ok()?;
        let kept = if *weight == 0 {
            self.numbers.remove((poll, ranking));
            let last = distinct.checked_sub(1)?;
            self.fill(poll, number, last, &mut entries)?;
            last
        } else if known.is_none() {
            distinct.checked_add(1)?
        } else {
            distinct
        };
        self.keep(poll, chunk, entries);
        Some(kept)
    }

    /// Lets the last ranking take the number of one that goes; `entries` are those of its chunk.
    fn fill(&mut self, poll: ProposalId, number: u32, last: u32, entries: &mut Chunk) -> Option<()> {
        let ((chunk, at), (last_chunk, _)) = (place(number), place(last));
        if last_chunk == chunk {
            entries.swap_remove(at);
        } else {
            let mut end = self.chunk(poll, last_chunk);
            *entries.get_mut(at)? = end.pop()?;
            self.keep(poll, last_chunk, end);
        }
        if let Some((moved, _)) = entries.get(at) {
            self.numbers.insert((poll, moved), &number);
        }
        Some(())
    }

    fn number(&self, poll: ProposalId, ranking: &Ranking) -> Option<u32> {
        self.numbers.get((poll, ranking))
    }

    fn keep(&mut self, poll: ProposalId, chunk: u32, entries: Chunk) {
        if entries.is_empty() {
            self.chunks.remove((poll, chunk));
        } else {
            self.chunks.insert((poll, chunk), &Leaf(entries));
        }
    }
}
