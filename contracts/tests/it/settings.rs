//! The settings, where the governor is an account that gives orders at once, and says in the registry who is an operator.

mod anchoring;
mod bounding;
mod cost;
mod flagging;
mod kinds;
mod parameters;
mod releasing;

use crate::{
    message,
    world::{ALICE, BOB, GUARDIAN, START, STRANGER, World, id},
};
use drink::AccountId32;
use interfaces::{
    AccountId, Moment,
    governor::Kind,
    key::Key,
    registry::RegistryError,
    roles::Role,
    settings::{Bounds, Course, Definition, Parameter, SettingsError, Value},
};
use scale::Decode;

/// Gives the settings orders.
const GOVERNOR: AccountId32 = AccountId32::new([0x60; 32]);
/// Runs the systems.
const OPERATOR: AccountId32 = AccountId32::new([0x0b; 32]);
/// Some of all those who do neither.
const OTHERS: [AccountId32; 4] = [ALICE, BOB, GUARDIAN, STRANGER];

const CHANGE: Kind = Kind::ParameterChange;
const UPGRADE: Kind = Kind::ProtocolUpgrade;

/// What the settings answer to most messages.
type Done = Result<(), SettingsError>;

/// A key of this name.
fn key(name: &str) -> Key {
    Key::new(name).expect("a key in a test is one")
}

/// A parameter that proposals to change parameters own: a whole number from 0 to 100.
fn percent() -> Definition {
    let bounds = Bounds::Integer { least: 0, most: 100 };
    Definition { owner: CHANGE, bounds, note: "until the fee is reviewed".into() }
}

/// The settings, and who knows the operators.
struct Desk {
    world: World,
    settings: AccountId,
}

impl Desk {
    fn new() -> Self {
        let mut world = World::empty();
        for person in [GOVERNOR, OPERATOR] {
            world.give(id(&person), 1_000_000_000_000);
        }
        world.registry = world.deploy_registry(id(&GOVERNOR));
        let settings = world.deploy("settings", message!("new", id(&GOVERNOR), world.registry), 0);
        world.at(START + 1);
        let mut desk = Self { world, settings };
        desk.grant(&OPERATOR, Role::Operator, true);
        desk
    }

    fn grant(&mut self, whom: &AccountId32, role: Role, granted: bool) {
        let order = match granted {
            true => message!("Roles::grant_role", id(whom), role, Moment::MAX),
            false => message!("Roles::revoke_role", id(whom), role),
        };
        assert_eq!(self.world.send::<Result<(), RegistryError>>(&GOVERNOR, self.world.registry, order), Ok(()));
    }

    fn send<R: Decode>(&mut self, who: &AccountId32, message: Vec<u8>) -> R {
        self.world.send(who, self.settings, message)
    }

    fn ask<R: Decode>(&mut self, message: Vec<u8>) -> R {
        self.send(&STRANGER, message)
    }

    /// An order of the governor.
    fn order<R: Decode>(&mut self, message: Vec<u8>) -> R {
        self.send(&GOVERNOR, message)
    }

    /// None but the governor can give this order.
    #[track_caller]
    fn only_governor<R: Decode + PartialEq + std::fmt::Debug>(&mut self, message: &[u8]) {
        for person in OTHERS.iter().chain([&OPERATOR]) {
            let refused: Result<R, SettingsError> = self.send(person, message.to_vec());
            assert_eq!(refused, Err(SettingsError::NotGovernor));
        }
    }

    /// None but an operator can send this, and not one that is none any more.
    #[track_caller]
    fn only_operator(&mut self, message: &[u8]) {
        self.grant(&ALICE, Role::Auditor, true);
        self.grant(&OPERATOR, Role::Operator, false);
        for person in OTHERS.iter().chain([&GOVERNOR, &OPERATOR]) {
            assert_eq!(self.send::<Done>(person, message.to_vec()), Err(SettingsError::NotOperator));
        }
        self.grant(&OPERATOR, Role::Operator, true);
    }

    /// A message that none but proposals of this kind may send is refused to those of every other.
    #[track_caller]
    fn only_kind<R: Decode + PartialEq + std::fmt::Debug>(&mut self, may: Kind, message: impl Fn(Kind) -> Vec<u8>) {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != may) {
            let refused: Result<R, SettingsError> = self.order(message(kind));
            assert_eq!(refused, Err(SettingsError::WrongKind(may)), "{kind:?}");
        }
    }

    fn define(&mut self, kind: Kind, name: &str, definition: Definition, value: Value) -> Done {
        self.order(message!("Parameters::define", kind, key(name), definition, value))
    }

    fn set(&mut self, kind: Kind, name: &str, value: i128, from: Option<Moment>) -> Done {
        self.order(message!("Parameters::set", kind, key(name), Value::Integer(value), from))
    }

    fn cancel(&mut self, kind: Kind, name: &str) -> Done {
        self.order(message!("Parameters::cancel", kind, key(name)))
    }

    fn retire(&mut self, kind: Kind, name: &str) -> Done {
        self.order(message!("Parameters::retire", kind, key(name)))
    }

    fn value(&mut self, name: &str) -> Option<Value> {
        self.ask(message!("Parameters::value", key(name)))
    }

    fn value_at(&mut self, name: &str, moment: Moment) -> Result<Option<Value>, SettingsError> {
        self.ask(message!("Parameters::value_at", key(name), moment))
    }

    fn course(&mut self, name: &str) -> Course {
        let known: Option<Parameter> = self.ask(message!("Parameters::parameter", key(name)));
        known.expect("the parameter was defined").course
    }
}
