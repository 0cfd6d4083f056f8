//! Parameters: what they are, and their values through time.

use crate::{
    kinds::{FOUNDER, only},
    names::Names,
};
use history::{Full, History};
use ink::storage::{Mapping, traits::StorageKey};
use interfaces::{
    Leaf, Moment,
    governor::Kind,
    settings::{Change, Course, Definition, Key, Parameter, SettingsError, Value, limits},
};

/// All parameters that were ever defined.
#[derive(Debug, Default)]
#[ink::storage_item]
pub struct ParameterBook {
    names: Names,
    definitions: Mapping<u32, Leaf<Definition>>,
    /// What was written, and when. The value at a moment is told by what was last written until then, so that nobody need
    /// write anything when a change comes.
    courses: History<u32, Course>,
}

impl ParameterBook {
    /// Their names.
    pub fn names(&self) -> &Names<impl StorageKey> {
        &self.names
    }

    /// What a parameter is, and its course from `now` on.
    pub fn parameter(&self, key: &Key, now: Moment) -> Option<Parameter> {
        let number = self.names.find(key)?;
        let Leaf(definition) = self.definitions.get(number)?;
        let mut course = self.courses.value(number);
        course.settle(now);
        Some(Parameter { definition, course })
    }

    /// The value at `now`, when nothing was written after it.
    pub fn value(&self, key: &Key, now: Moment) -> Option<Value> {
        self.courses.value(self.names.find(key)?).at(now)
    }

    /// The value at the end of a past moment.
    pub fn value_at(&self, key: &Key, moment: Moment) -> Option<Value> {
        self.courses.value_at(self.names.find(key)?, moment).at(moment)
    }

    /// Defines a parameter, or defines it anew.
    ///
    /// # Errors
    /// [`SettingsError::BadNote`], [`SettingsError::BadBounds`], [`SettingsError::WrongType`],
    /// [`SettingsError::OutOfBounds`], [`SettingsError::WrongKind`], [`SettingsError::Overflow`].
    pub fn define(
        &mut self,
        kind: Kind,
        key: &Key,
        definition: &Leaf<Definition>,
        value: &Value,
        now: Moment,
    ) -> Result<(), SettingsError> {
        let Leaf(Definition { bounds, note, .. }) = definition;
        if note.len() > limits::NOTE {
            return Err(SettingsError::BadNote);
        }
        bounds.check()?;
        bounds.admit(value)?;
        let known = self.names.find(key).and_then(|number| self.definitions.get(number));
        only(known.as_ref().map_or(FOUNDER, |Leaf(known)| known.owner), kind)?;
        if known.is_some_and(|Leaf(known)| !known.bounds.is_of_type(bounds)) {
            return Err(SettingsError::WrongType);
        }
        let number = self.names.number(key)?;
        self.definitions.insert(number, definition);
        self.write(number, now, |course| {
            *course = Course { value: Some(value.clone()), next: None };
            Ok(())
        })?;
        Ok(())
    }

    /// Sets a parameter, now or from a moment to come.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::WrongKind`], [`SettingsError::WrongType`],
    /// [`SettingsError::OutOfBounds`], [`SettingsError::Retired`], [`SettingsError::Overflow`].
    pub fn set(
        &mut self,
        kind: Kind,
        key: &Key,
        value: Value,
        from: Option<Moment>,
        now: Moment,
    ) -> Result<Course, SettingsError> {
        let (number, definition) = self.owned(kind, key)?;
        definition.bounds.admit(&value)?;
        self.write_in_use(number, now, |course| {
            match from {
                Some(from) if now < from => course.next = Some(Change { from, value }),
                _ => course.value = Some(value),
            }
            Ok(())
        })
    }

    /// Drops the change to come.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::WrongKind`], [`SettingsError::Retired`],
    /// [`SettingsError::NotScheduled`], [`SettingsError::Overflow`].
    pub fn cancel(&mut self, kind: Kind, key: &Key, now: Moment) -> Result<Course, SettingsError> {
        let (number, _) = self.owned(kind, key)?;
        self.write_in_use(number, now, |course| course.next.take().map(|_| ()).ok_or(SettingsError::NotScheduled))
    }

    /// Lets a parameter have no value.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::WrongKind`], [`SettingsError::Retired`], [`SettingsError::Overflow`].
    pub fn retire(&mut self, kind: Kind, key: &Key, now: Moment) -> Result<(), SettingsError> {
        let (number, _) = self.owned(kind, key)?;
        self.write_in_use(number, now, |course| {
            *course = Course::default();
            Ok(())
        })?;
        Ok(())
    }

    /// A parameter that proposals of this kind may change.
    fn owned(&self, kind: Kind, key: &Key) -> Result<(u32, Definition), SettingsError> {
        let number = self.names.find(key).ok_or(SettingsError::Unknown)?;
        let Leaf(definition) = self.definitions.get(number).ok_or(SettingsError::Unknown)?;
        only(definition.owner, kind)?;
        Ok((number, definition))
    }

    /// Changes the course of a parameter that is not retired.
    fn write_in_use(
        &mut self,
        number: u32,
        now: Moment,
        change: impl FnOnce(&mut Course) -> Result<(), SettingsError>,
    ) -> Result<Course, SettingsError> {
        self.write(number, now, |course| match course.value {
            Some(_) => change(course),
            None => Err(SettingsError::Retired),
        })
    }

    /// Changes a parameter's course, and answers what it is then.
    fn write(
        &mut self,
        number: u32,
        now: Moment,
        change: impl FnOnce(&mut Course) -> Result<(), SettingsError>,
    ) -> Result<Course, SettingsError> {
        let mut head = self.courses.open(number, now).map_err(|Full| SettingsError::Overflow)?;
        let course = head.value();
        course.settle(now);
        change(course)?;
        let changed = course.clone();
        self.courses.keep(number, &head);
        Ok(changed)
    }
}
