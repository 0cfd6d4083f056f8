//! Flags, against a model of what is enforced of one.

use super::key;
use crate::flags::{FlagBook, exposed, killed, revived};
use ballot::BasisPoints;
use ink::env::{DefaultEnvironment, test};
use interfaces::{
    governor::Kind,
    settings::{Control, FlagOrder, SettingsError, limits},
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    /// By the flag's owner, unless by another kind.
    Set {
        kind: Option<Kind>,
        owner: Kind,
        ceiling: u16,
        exposure: u16,
        body: usize,
    },
    Expose(u16),
    Kill,
    Revive,
}

fn act() -> impl Strategy<Value = Act> {
    let kind = || prop::sample::select(Kind::ALL.to_vec());
    let body = prop_oneof![8 => 1..20_usize, 1 => Just(0), 1 => Just(limits::BODY), 1 => Just(limits::BODY + 1)];
    let set = (prop::option::weighted(0.1, kind()), kind(), 0..=10_000_u16, 0..=6_000_u16, body);
    prop_oneof![
        3 => set.prop_map(|(kind, owner, ceiling, exposure, body)| Act::Set { kind, owner, ceiling, exposure, body }),
        5 => (0..=10_000_u16).prop_map(Act::Expose),
        1 => Just(Act::Kill),
        1 => Just(Act::Revive),
    ]
}

fn share(bps: u16) -> BasisPoints {
    BasisPoints::new(bps).expect("a share in a test is one")
}

/// What a flag must be after this, or why it is refused.
fn after(flag: Option<Control>, kind: Kind, act: &Act) -> Result<Control, SettingsError> {
    let may = flag.map_or(Kind::ParameterChange, |flag| flag.owner);
    match (act, flag) {
        (Act::Set { body, .. }, _) if *body == 0 || *body > limits::BODY => Err(SettingsError::BadBody),
        (Act::Set { .. }, _) if kind != may => Err(SettingsError::WrongKind(may)),
        (Act::Set { ceiling, exposure, .. }, _) if exposure > ceiling => Err(SettingsError::AboveCeiling),
        (Act::Set { owner, ceiling, exposure, .. }, before) => {
            let killed = before.is_some_and(|flag| flag.killed);
            let exposure = share(if killed { 0 } else { *exposure });
            Ok(Control { owner: *owner, ceiling: share(*ceiling), exposure, killed })
        }
        (_, None) => Err(SettingsError::Unknown),
        (Act::Expose(_) | Act::Kill, Some(flag)) if flag.killed => Err(SettingsError::Killed),
        (Act::Expose(bps), Some(flag)) if *bps > flag.ceiling.get() => Err(SettingsError::AboveCeiling),
        (Act::Expose(bps), Some(flag)) => Ok(Control { exposure: share(*bps), ..flag }),
        (Act::Kill, Some(flag)) => Ok(Control { exposure: share(0), killed: true, ..flag }),
        (Act::Revive, Some(flag)) if !flag.killed => Err(SettingsError::NotKilled),
        (Act::Revive, Some(flag)) => Ok(Control { killed: false, ..flag }),
    }
}

proptest! {
    /// Nobody is ever exposed above the ceiling or to what is killed, and what is killed stays so until it is revived.
    #[test]
    fn a_flag_stays_below_its_ceiling_and_killed_until_revived(acts in prop::collection::vec(act(), 50..=90)) {
        test::run_test::<DefaultEnvironment, _>(|_| {
            let (mut book, mut flag, mut says) = (FlagBook::default(), None::<Control>, None);
            let name = key("search.semantic");
            for act in acts {
                let own = flag.map_or(Kind::ParameterChange, |flag| flag.owner);
                let kind = if let Act::Set { kind: Some(other), .. } = &act { *other } else { own };
                let done = match &act {
                    Act::Set { owner, ceiling, exposure, body, .. } => {
                        let body = "b".repeat(*body);
                        let (ceiling, exposure) = (share(*ceiling), share(*exposure));
                        let order = FlagOrder { owner: *owner, ceiling, exposure, body };
                        let done = book.set(kind, &name, &order);
                        if done.is_ok() {
                            says = Some(order.body);
                        }
                        done
                    }
                    Act::Expose(bps) => book.steer(&name, |flag| exposed(flag, share(*bps))),
                    Act::Kill => book.steer(&name, killed),
                    Act::Revive => book.steer(&name, revived),
                };
                assert_eq!(done, after(flag, kind, &act), "{act:?} of {flag:?}");
                let before = flag;
                flag = done.ok().or(flag);
                let kept = book.flag(&name);
                assert_eq!(kept.as_ref().map(|kept| kept.control), flag);
                assert_eq!(kept.map(|kept| kept.body), says);
                if let Some(now) = flag {
                    assert!(now.exposure <= now.ceiling, "{now:?}");
                    assert!(!now.killed || now.exposure == BasisPoints::NONE, "{now:?}");
                    let was_killed = before.is_some_and(|before| before.killed);
                    assert!(!was_killed || now.killed || matches!(act, Act::Revive), "{act:?} revived it");
                }
            }
            Ok(())
        })
        .expect("the test environment works");
    }
}
