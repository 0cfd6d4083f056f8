//! Parameters: what they are, and all that was ever done to them.

use crate::project::{Origin, Table};
use interfaces::{
    ProposalId,
    key::Key,
    settings::{Course, Definition, ParameterDefined, ParameterRetired, ParameterSet},
};

/// The parameters that a batch is about.
#[derive(Debug, Default)]
pub struct Parameters {
    /// As they stand.
    pub parameters: Table<Key, Parameter>,
    /// What is done to them.
    pub history: Vec<ParameterRow>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it is.
    pub definition: Definition,
    /// What it is set to and what it will be, as that was last written: of the change to come it may be time already.
    pub course: Course,
    /// Where it was last changed.
    pub origin: Origin,
}

/// Something was done to a parameter.
#[derive(Debug)]
pub struct ParameterRow {
    pub origin: Origin,
    pub key: Key,
    pub action: ParameterAction,
    /// What it is from then on, if it was defined.
    pub definition: Option<Definition>,
    /// What it is set to and will be from then on.
    pub course: Course,
    /// The proposal whose execution ordered it.
    pub proposal: Option<ProposalId>,
}

/// What can be done to a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterAction {
    /// It was defined, or defined anew.
    Define,
    /// It was set at once.
    Set,
    /// Another change is to come.
    Schedule,
    /// The change that was to come is not any more.
    Cancel,
    /// It has no value from then on.
    Retire,
}

impl Parameters {
    pub(super) fn defined(&mut self, origin: Origin, ordered: Option<ProposalId>, event: ParameterDefined) {
        let ParameterDefined { key, definition, value } = event;
        let course = Course { value: Some(value), next: None };
        let defined = Some(definition.clone());
        self.note(origin, ordered, &key, ParameterAction::Define, defined, course.clone());
        self.parameters.put(key, Parameter { definition, course, origin });
    }

    pub(super) fn set(
        &mut self,
        origin: Origin,
        ordered: Option<ProposalId>,
        event: ParameterSet,
    ) -> Result<(), String> {
        let ParameterSet { key, course } = event;
        let before = self.in_use(origin, &key)?;
        if course.value.is_none() {
            return Err(format!("parameter {} was set to nothing", key.as_str()));
        }
        let action = match (course.value == before.value, course.next == before.next) {
            // To say again what is to come leaves everything as it is, too, and nobody can tell one from the other.
            (_, true) => ParameterAction::Set,
            (true, false) if course.next.is_some() => ParameterAction::Schedule,
            (true, false) => ParameterAction::Cancel,
            (false, false) => {
                return Err(format!("parameter {} was set and its change to come changed at once", key.as_str()));
            }
        };
        self.change(origin, ordered, &key, action, course);
        Ok(())
    }

    pub(super) fn retired(
        &mut self,
        origin: Origin,
        ordered: Option<ProposalId>,
        event: ParameterRetired,
    ) -> Result<(), String> {
        let ParameterRetired { key } = event;
        self.in_use(origin, &key)?;
        self.change(origin, ordered, &key, ParameterAction::Retire, Course::default());
        Ok(())
    }

    /// The course of a parameter that has a value, as time has left it.
    fn in_use(&self, origin: Origin, key: &Key) -> Result<Course, String> {
        let known = self.parameters.get(key).ok_or_else(|| format!("there is no parameter {}", key.as_str()))?;
        let mut course = known.course.clone();
        course.settle(origin.moment);
        if course.value.is_some() { Ok(course) } else { Err(format!("parameter {} is retired", key.as_str())) }
    }

    fn change(
        &mut self,
        origin: Origin,
        ordered: Option<ProposalId>,
        key: &Key,
        action: ParameterAction,
        course: Course,
    ) {
        self.note(origin, ordered, key, action, None, course.clone());
        if let Some(parameter) = self.parameters.get_mut(key) {
            (parameter.course, parameter.origin) = (course, origin);
        }
    }

    fn note(
        &mut self,
        origin: Origin,
        proposal: Option<ProposalId>,
        key: &Key,
        action: ParameterAction,
        definition: Option<Definition>,
        course: Course,
    ) {
        self.history.push(ParameterRow { origin, key: key.clone(), action, definition, course, proposal });
    }
}
