//! How rankings are kept, against a plain map.
#![expect(clippy::arithmetic_side_effects, reason = "an overflow here is a failed test")]

use crate::store::{Store, place};
use ballot::{OptionId, Power, Ranking, Way};
use ink::env::{DefaultEnvironment, test::run_test};
use interfaces::rankings::{CHUNK, Move};
use proptest::prelude::*;
use std::collections::BTreeMap;

const POLL: u32 = 7;

fn ranking(number: u8) -> Ranking {
    let options: Vec<OptionId> = vec![number / 12, 12 + number % 12];
    Ranking::new(options).expect("no option twice")
}

/// All that is kept, as the numbers say.
fn kept(store: &Store, distinct: u32) -> BTreeMap<Ranking, Power> {
    let entry = |number| {
        let (chunk, at) = place(number);
        store.chunk(POLL, chunk).get(at).cloned().expect("numbers have no gaps")
    };
    (0..distinct).map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rankings_are_what_was_put_in_and_not_taken_out(
        changes in prop::collection::vec((0_u8..140, any::<bool>(), 1_u128..4), 1..400),
    ) {
        run_test::<DefaultEnvironment, _>(|_| {
            let (mut store, mut model, mut distinct) = (Store::default(), BTreeMap::new(), 0);
            for (number, goes_in, power) in changes {
                let ranking = ranking(number);
                let has: Power = model.get(&ranking).copied().unwrap_or_default();
                let (way, left) = match goes_in {
                    true => (Way::In, has.checked_add(power)),
                    false => (Way::Out, has.checked_sub(power)),
                };
                // What is refused is undone by the chain, and here not tried.
                let Some(left) = left else { continue };
                let moved = Move { way, ranking: ranking.clone(), power };
                distinct = store.change(POLL, distinct, &moved).expect("it fits");
                if left == 0 { model.remove(&ranking) } else { model.insert(ranking, left) };
                assert_eq!(usize::try_from(distinct), Ok(model.len()));
            }
            assert_eq!(kept(&store, distinct), model);
            assert!(store.chunk(POLL, distinct.div_ceil(CHUNK)).is_empty(), "no chunk outlives its rankings");
            Ok(())
        })
        .expect("the test environment works");
    }
}
