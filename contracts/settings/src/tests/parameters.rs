//! Parameters through time, against a model that knows no course and no history: it has a value for every moment there
//! is, and writes all those to come whenever anything is done.

use super::{clock, key, settings};
use crate::settings::Settings;
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    Moment,
    governor::Kind,
    settings::{Bounds, Definition, Parameters, SettingsError, Value},
};
use proptest::prelude::*;

const KEYS: usize = 3;
/// The last moment that the model knows.
const END: usize = 5_000;

/// A parameter as the model has it.
#[derive(Debug, Clone)]
struct Model {
    owner: Option<Kind>,
    range: (i128, i128),
    /// When a change is to come, if that is later than now.
    pending: usize,
    values: Vec<Option<i128>>,
}

impl Model {
    fn new() -> Self {
        Self { owner: None, range: (0, 0), pending: 0, values: vec![None; END] }
    }

    fn may(&self, kind: Kind) -> Result<(), SettingsError> {
        let may = self.owner.unwrap_or(Kind::ParameterChange);
        if kind == may { Ok(()) } else { Err(SettingsError::WrongKind(may)) }
    }

    fn write(&mut self, from: usize, until: usize, value: Option<i128>) {
        self.values[from..until].fill(value);
    }

    /// What must be answered to this at `now`.
    fn act(&mut self, kind: Kind, act: &Act, now: usize) -> Result<(), SettingsError> {
        if let Act::Define { owner, range, value, numeric } = act {
            match numeric {
                true if range.0 > range.1 => return Err(SettingsError::BadBounds),
                true if !(range.0..=range.1).contains(value) => return Err(SettingsError::OutOfBounds),
                _ => self.may(kind)?,
            }
            if !numeric {
                return Err(SettingsError::WrongType);
            }
            (self.owner, self.range, self.pending) = (Some(*owner), *range, now);
            self.write(now, END, Some(*value));
            return Ok(());
        }
        if self.owner.is_none() {
            return Err(SettingsError::Unknown);
        }
        self.may(kind)?;
        if let Act::Set { value, numeric, .. } = act {
            if !numeric {
                return Err(SettingsError::WrongType);
            }
            if !(self.range.0..=self.range.1).contains(value) {
                return Err(SettingsError::OutOfBounds);
            }
        }
        let present = self.values[now];
        if present.is_none() {
            return Err(SettingsError::Retired);
        }
        let comes = self.pending > now;
        match act {
            Act::Set { value, from, .. } => match from.map(|ahead| when(now, ahead)) {
                Some(from) if from > now => {
                    self.write(now, from, present);
                    self.write(from, END, Some(*value));
                    self.pending = from;
                }
                _ => self.write(now, if comes { self.pending } else { END }, Some(*value)),
            },
            Act::Cancel if !comes => return Err(SettingsError::NotScheduled),
            Act::Cancel => {
                self.write(now, END, present);
                self.pending = now;
            }
            _ => {
                self.write(now, END, None);
                self.pending = now;
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone)]
enum Act {
    Define { owner: Kind, range: (i128, i128), value: i128, numeric: bool },
    Set { value: i128, from: Option<usize>, numeric: bool },
    Cancel,
    Retire,
}

/// A moment that is a little before `now`, or later.
fn when(now: usize, ahead: usize) -> usize {
    (now + ahead).saturating_sub(10)
}

fn moment(number: usize) -> Moment {
    Moment::try_from(number).expect("64 bits")
}

/// Something is done to a parameter, after a pause: by whom it belongs to, or by this kind.
#[derive(Debug, Clone)]
struct Step {
    pause: usize,
    key: usize,
    kind: Option<Kind>,
    act: Act,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = || prop::sample::select(Kind::ALL.to_vec());
    let numeric = || prop::bool::weighted(0.95);
    let act = prop_oneof![
        2 => (kind(), -20..5_i128, 0..25_i128, -10..10_i128, numeric())
            .prop_map(|(owner, least, most, value, numeric)| Act::Define { owner, range: (least, most), value, numeric }),
        8 => (-12..14_i128, prop::option::weighted(0.6, 0..60_usize), numeric())
            .prop_map(|(value, from, numeric)| Act::Set { value, from, numeric }),
        2 => Just(Act::Cancel),
        1 => Just(Act::Retire),
    ];
    let pause = prop_oneof![2 => Just(0), 5 => 1..40_usize];
    (pause, 0..KEYS, prop::option::weighted(0.1, kind()), act).prop_map(|(pause, key, kind, act)| Step {
        pause,
        key,
        kind,
        act,
    })
}

fn order(settings: &mut Settings, kind: Kind, name: &str, act: &Act, now: usize) -> Result<(), SettingsError> {
    let typed = |value: i128, numeric: bool| if numeric { Value::Integer(value) } else { Value::Bool(true) };
    match act {
        Act::Define { owner, range: (least, most), value, numeric } => {
            let bounds = if *numeric { Bounds::Integer { least: *least, most: *most } } else { Bounds::Bool };
            let definition = Definition { owner: *owner, bounds, note: "until the next one".into() };
            settings.define(kind, key(name), definition, typed(*value, *numeric))
        }
        Act::Set { value, from, numeric } => {
            settings.set(kind, key(name), typed(*value, *numeric), from.map(|ahead| moment(when(now, ahead))))
        }
        Act::Cancel => settings.cancel(kind, key(name)),
        Act::Retire => settings.retire(kind, key(name)),
    }
}

proptest! {
    /// Whatever is ordered in whatever sequence, the answer is the model's, and so is the value at every moment.
    #[test]
    fn every_value_is_what_it_was_ordered_to_be(steps in prop::collection::vec(step(), 50..=90)) {
        test::run_test::<DefaultEnvironment, _>(|_| {
            let (mut settings, mut now) = (settings(), 1);
            let names = ["fee", "limits.page", "zeal"];
            let mut models = [(); KEYS].map(|()| Model::new());
            for Step { pause, key: number, kind, mut act } in steps {
                now += pause;
                clock(moment(now));
                let model = &mut models[number];
                if let (Act::Define { numeric, .. }, None) = (&mut act, model.owner) {
                    *numeric = true;
                }
                let kind = kind.or(model.owner).unwrap_or(Kind::ParameterChange);
                let done = order(&mut settings, kind, names[number], &act, now);
                assert_eq!(done, model.act(kind, &act, now), "{act:?} at {now}");
                for (name, model) in names.iter().zip(&models) {
                    assert_eq!(settings.value(key(name)), model.values[now].map(Value::Integer), "{name} at {now}");
                    let next = settings.parameter(key(name)).and_then(|parameter| parameter.course.next);
                    let comes = (model.pending > now).then(|| moment(model.pending));
                    assert_eq!(next.map(|next| next.from), comes, "{name} at {now}");
                }
            }
            clock(moment(now + 200));
            for (name, model) in names.iter().zip(&models) {
                let values = &model.values;
                // Every moment before and after a change, and some between.
                let telling = |at: &usize| at.is_multiple_of(17) || values[at - 1..=at + 1] != [values[*at]; 3];
                for at in (1..now + 200).filter(telling) {
                    let was = settings.value_at(key(name), moment(at));
                    assert_eq!(was, Ok(values[at].map(Value::Integer)), "{name} at {at}");
                }
            }
            assert_eq!(settings.value_at(key("fee"), moment(now + 200)), Err(SettingsError::NotYetPast));
            Ok(())
        })
        .expect("the test environment works");
    }
}
