//! Parameters: what they are, and their values through time.

use crate::{
    kinds::{FOUNDER, only},
    names::Names,
};
use history::{Full, Head, History};
use ink::storage::{Mapping, traits::StorageKey};
use interfaces::{
    Leaf, Moment,
    governor::Kind,
    key::Key,
    settings::{Change, Course, Definition, Parameter, SettingsError, Value, limits},
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
        let mut head = self.open(number, now)?;
        *head.value() = Course { value: Some(value.clone()), next: None };
        self.keep(number, head);
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
        let mut head = self.open_in_use(number, now)?;
        match from {
            Some(from) if now < from => head.value().next = Some(Change { from, value }),
            _ => head.value().value = Some(value),
        }
        Ok(self.keep(number, head))
    }

    /// Drops the change to come.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::WrongKind`], [`SettingsError::Retired`],
    /// [`SettingsError::NotScheduled`], [`SettingsError::Overflow`].
    pub fn cancel(&mut self, kind: Kind, key: &Key, now: Moment) -> Result<Course, SettingsError> {
        let (number, _) = self.owned(kind, key)?;
        let mut head = self.open_in_use(number, now)?;
        head.value().next.take().ok_or(SettingsError::NotScheduled)?;
        Ok(self.keep(number, head))
    }

    /// Lets a parameter have no value.
    ///
    /// # Errors
    /// [`SettingsError::Unknown`], [`SettingsError::WrongKind`], [`SettingsError::Retired`], [`SettingsError::Overflow`].
    pub fn retire(&mut self, kind: Kind, key: &Key, now: Moment) -> Result<(), SettingsError> {
        let (number, _) = self.owned(kind, key)?;
        let mut head = self.open_in_use(number, now)?;
        *head.value() = Course::default();
        self.keep(number, head);
        Ok(())
    }

    /// A parameter that proposals of this kind may change.
    fn owned(&self, kind: Kind, key: &Key) -> Result<(u32, Definition), SettingsError> {
        let number = self.names.find(key).ok_or(SettingsError::Unknown)?;
        let Leaf(definition) = self.definitions.get(number).ok_or(SettingsError::Unknown)?;
        only(definition.owner, kind)?;
        Ok((number, definition))
    }

    /// The present course of a parameter, to be changed and then kept.
    fn open(&mut self, number: u32, now: Moment) -> Result<Head<Course>, SettingsError> {
        let mut head = self.courses.open(number, now).map_err(|Full| SettingsError::Overflow)?;
        head.value().settle(now);
        Ok(head)
    }

    /// The same of one that is not retired.
    fn open_in_use(&mut self, number: u32, now: Moment) -> Result<Head<Course>, SettingsError> {
        let mut head = self.open(number, now)?;
        if head.value().value.is_some() { Ok(head) } else { Err(SettingsError::Retired) }
    }

    /// Keeps a course, and answers what it is.
    fn keep(&mut self, number: u32, mut head: Head<Course>) -> Course {
        self.courses.keep(number, &head);
        core::mem::take(head.value())
    }
}
