//! What can be told from rules and requests alone.

use crate::admin;
use ballot::{BasisPoints, Mechanism};
use ink::scale::Encode;
use interfaces::{
    AccountId, Moment,
    governor::{Call, GovernorError, Kind, Mechanisms, ProposalRequest, Rules, limits},
};

/// Half of a whole: with less, both a majority and what it is against would carry.
const HALF: u16 = 5_000;

/// Whether a proposal can pass and be carried out under these rules at all, were it made `now`.
pub fn rules(rules: &Rules, now: Moment) -> Result<(), GovernorError> {
    let lengths = [rules.voting_period, rules.execution_window, rules.period];
    let shares = [rules.thresholds.approval.get(), rules.thresholds.plurality.get()];
    let usable = !lengths.contains(&0)
        && rules.mechanisms != Mechanisms::default()
        && rules.mechanisms.0 & !Mechanisms::ALL.0 == 0
        // More than the whole cannot be for it.
        && shares.iter().all(|share| *share < BasisPoints::WHOLE)
        && rules.thresholds.approval.get() >= HALF
        && rules.freeze <= rules.voting_period
        && rules.extension <= rules.voting_period
        && (rules.credits != 0 || !rules.mechanisms.contains(Mechanism::Quadratic))
        && latest_end(rules, now).is_some();
    if usable { Ok(()) } else { Err(GovernorError::BadRules) }
}

/// When a proposal made `now` is over at the latest, apart from the time that counting takes.
fn latest_end(rules: &Rules, now: Moment) -> Option<Moment> {
    let waits = [
        rules.voting_delay,
        rules.voting_period,
        rules.extension,
        rules.execution_window,
        rules.execution_delay,
        rules.execution_window,
    ];
    waits.into_iter().try_fold(now, Moment::checked_add)
}

/// Whether a request is one that these rules allow and that fits into storage cells and events.
pub fn request(
    request: &ProposalRequest,
    rules: &Rules,
    governor: &AccountId,
    settings: &AccountId,
) -> Result<(), GovernorError> {
    let ProposalRequest { kind, mechanism, title, link, options, .. } = request;
    if !rules.mechanisms.contains(*mechanism) {
        return Err(GovernorError::MechanismNotAllowed);
    }
    let most = if *mechanism == Mechanism::Majority { 1 } else { limits::OPTIONS };
    if options.is_empty() || options.len() > most {
        return Err(GovernorError::BadOptions);
    }
    let mut titles = options.iter().map(|option| &option.title).chain([title]);
    if !titles.all(|title| (1..=limits::TITLE).contains(&title.len())) {
        return Err(GovernorError::BadTitle);
    }
    if link.len() > limits::LINK {
        return Err(GovernorError::BadLink);
    }
    let all = || options.iter().flat_map(|option| &option.calls);
    let input = all().fold(0_usize, |sum, call| sum.saturating_add(call.input.len()));
    let fit = all().count() <= limits::ALL_CALLS && input <= limits::INPUT;
    if !fit || !options.iter().all(|option| in_order(&option.calls, governor)) {
        return Err(GovernorError::BadCalls);
    }
    if !all().all(|call| belongs(call, *kind)) {
        return Err(GovernorError::WrongKind);
    }
    let vouched = all().all(|call| call.target != *settings || is_vouched(call, *kind));
    if vouched { Ok(()) } else { Err(GovernorError::ForeignKind) }
}

/// Whether one option's calls are few enough, and the governor's own upgrade, if it is among them, is the last.
fn in_order(calls: &[Call], governor: &AccountId) -> bool {
    let earlier = calls.split_last().map_or(calls, |(_, earlier)| earlier);
    calls.len() <= limits::CALLS && !earlier.iter().any(|call| admin::is_own_upgrade(call, governor))
}

/// Whether proposals of this kind may make such a call. Were it otherwise, the kind with the mildest rules would set
/// everyone's. A call is told by its message, whatever its target: one that anybody else makes changes nothing.
fn belongs(call: &Call, kind: Kind) -> bool {
    if call.selector == admin::UPGRADE {
        kind == Kind::ProtocolUpgrade
    } else if admin::SETTINGS.contains(&call.selector) {
        matches!(kind, Kind::ProtocolUpgrade | Kind::ParameterChange)
    } else {
        !admin::RESERVED.contains(&call.selector)
    }
}

/// Whether the settings may believe such a call: what they let it order follows from the kind that it names first. Their
/// upgrade names none, and needs none.
fn is_vouched(call: &Call, kind: Kind) -> bool {
    call.selector == admin::UPGRADE || call.input.starts_with(&kind.encode())
}
