//! Every wrong request, by name. None of them reaches the database: there is none.

use crate::world::{Api, World, account, problem_in};
use api::model::Problem;
use insta::assert_json_snapshot;
use proptest::prelude::*;
use reqwest::{Method, StatusCode};

async fn refused(path: &str) -> Problem {
    let problem = Api::without_database().await.problem(path).await;
    assert_eq!(problem.status, 400, "{path}: {problem:?}");
    problem
}

/// One test per refusal: its problem is the test's snapshot.
macro_rules! refused {
    ($($name:ident: $path:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            assert_json_snapshot!(stringify!($name), refused(&$path.to_string()).await);
        }
    )+};
}

refused! {
    a_limit_of_0: "/v1/proposals?limit=0";
    a_negative_limit: "/v1/proposals?limit=-1";
    a_limit_that_is_no_number: "/v1/accounts?limit=many";
    a_limit_with_a_fraction: "/v1/accounts?limit=1.5";
    an_empty_limit: "/v1/treasury/ledger?limit=";
    a_limit_given_twice: "/v1/accounts?limit=1&limit=2";
    a_cursor_that_is_rubbish: "/v1/proposals?cursor=rubbish";
    a_cursor_that_is_no_base64: "/v1/proposals?cursor=%3D%3D%21";
    an_empty_cursor: "/v1/proposals?cursor=";
    a_cursor_of_another_version: "/v1/proposals?cursor=AgEAAAAAAAAAAA";
    a_cursor_that_is_cut_off: "/v1/proposals?cursor=AQEAAAAAAAAA";
    a_cursor_with_padding: "/v1/proposals?cursor=AQEAAAAAAAAAAA==";
    an_unknown_parameter: "/v1/proposals?status=active";
    an_unknown_parameter_of_a_proposal: "/v1/proposals/0?verbose";
    an_unknown_parameter_of_the_status: "/v1/status?a=1&b=2";
    an_unknown_parameter_of_an_account: format!("/v1/accounts/{}?limit=1", account(1));
    an_unknown_parameter_of_the_treasury: "/v1/treasury?kind=payment";
    a_parameter_in_capitals: "/v1/proposals?Limit=1";
    an_unknown_state: "/v1/proposals?state=open";
    an_unknown_state_among_known_ones: "/v1/proposals?state=active,open";
    an_empty_state: "/v1/proposals?state=";
    an_unknown_kind_of_proposal: "/v1/proposals?kind=joke";
    several_kinds_of_proposal: "/v1/proposals?kind=protocol_upgrade,parameter_change";
    a_kind_of_proposal_given_twice: "/v1/proposals?kind=protocol_upgrade&kind=parameter_change";
    an_unknown_mechanism: "/v1/proposals?mechanism=borda";
    a_mechanism_in_capitals: "/v1/proposals?mechanism=Ranked";
    an_unknown_support: "/v1/proposals/0/votes?support=yes";
    a_filter_that_a_list_does_not_have: "/v1/proposals/0/overrides?support=for";
    an_unknown_kind: "/v1/treasury/ledger?kind=gift";
    a_kind_given_twice: "/v1/treasury/ledger?kind=deposit&kind=payment";
    an_unknown_asset: "/v1/treasury/ledger?asset=gold";
    a_mistyped_asset: "/v1/treasury/ledger.csv?asset=5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ";
    a_kind_of_the_whole_ledger: "/v1/treasury/ledger.csv?kind=deposit";
    a_category_that_is_no_number: "/v1/treasury/budgets/general";
    an_escrow_that_is_no_number: "/v1/treasury/escrows/-1";
    an_unknown_state_of_escrows: "/v1/treasury/escrows?state=late";
    a_payee_of_streams_that_is_rubbish: "/v1/treasury/streams?payee=bob";
    what_waits_for_rubbish: "/v1/treasury/signers/alice/awaiting";
    an_unknown_parameter_of_the_rules: "/v1/rules?kind=protocol_upgrade";
    a_limit_of_0_rounds: "/v1/proposals/0/rounds?limit=0";
    a_cursor_of_rankings_that_is_rubbish: "/v1/proposals/0/rankings?cursor=rubbish";
    a_cursor_of_delegators_that_is_rubbish: format!("/v1/accounts/{}/delegators?cursor=AQo", account(1));
    sponsors_of_what_is_no_number: "/v1/proposals/x/sponsors";
    identities_of_what_is_no_number: "/v1/proposals/0x1/identities";
    delegators_of_rubbish: "/v1/accounts/alice/delegators";
    a_proposal_that_is_no_number: "/v1/proposals/first";
    a_negative_proposal: "/v1/proposals/-1";
    a_proposal_with_a_sign: "/v1/proposals/+1/votes";
    an_account_that_is_rubbish: "/v1/accounts/alice";
    a_mistyped_account: "/v1/accounts/5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ";
    an_account_of_another_network: "/v1/accounts/15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";
    an_account_with_too_few_digits: "/v1/accounts/0x1234/votes";
    a_proposer_that_is_rubbish: "/v1/proposals?proposer=alice";
    a_proposer_of_another_network: "/v1/proposals?proposer=HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F";
    a_parameter_that_is_no_name: "/v1/parameters/Fee";
    a_prefix_that_is_no_name: "/v1/parameters?prefix=a%20b";
    an_unknown_owner: "/v1/parameters?owner=everybody";
    a_cursor_of_parameters_that_is_no_name: "/v1/parameters?cursor=ASgEQQ";
    a_flag_that_is_no_name: "/v1/flags/a%2Fb/history";
    killed_that_is_neither_true_nor_false: "/v1/flags?killed=maybe";
    a_parameter_of_what_flagd_reads: "/v1/flags.flagd.json?killed=true";
    an_unknown_stage: "/v1/releases?stage=done";
    a_component_that_is_no_name: "/v1/releases?component=API";
    a_release_that_is_no_number: "/v1/releases/first";
    an_origin_that_is_no_name: "/v1/anchors?origin=%C3%A9";
    an_identity_that_is_rubbish: "/v1/identities/alice";
    an_identity_with_too_few_digits: "/v1/identities/0x1d/history";
    accounts_of_what_is_no_identity: format!("/v1/identities/{}/accounts", account(1));
    a_tier_that_is_none: "/v1/identities?tier=16";
    a_tier_that_is_no_number: "/v1/identities?tier=high";
    a_state_that_no_identity_has: "/v1/identities?state=frozen";
    a_frozen_that_is_neither: "/v1/identities?frozen=yes";
    an_attestor_that_is_rubbish: "/v1/identities?attestor=alice";
    a_kind_of_freeze_that_is_none: "/v1/freezes?kind=wallet";
    a_role_that_is_none: "/v1/roles?role=king";
    a_moment_of_roles: "/v1/roles?at=5";
    what_roles_do_not_include: "/v1/roles?include=revoked";
    an_origin_that_is_none: "/v1/keys?origin=Gaia+Audit";
    a_valid_that_is_neither: "/v1/keys?valid=1";
    a_kind_of_event_that_is_none: "/v1/registry/history?kind=promoted";
    an_account_together_with_an_identity:
        format!("/v1/registry/history?account={}&identity=0x{}", account(1), "1d".repeat(32));
    an_unknown_parameter_of_attestors: "/v1/attestors?tier=1";
    a_cursor_of_identities_that_is_rubbish: "/v1/identities?cursor=AQo";
    several_things_at_once: "/v1/proposals?limit=0&cursor=x&state=open&sort=asc";
}

#[tokio::test]
async fn an_unknown_path() {
    let api = Api::without_database().await;
    let problem = api.problem("/v1/nothing").await;
    for path in ["/", "/v1", "/v1/", "/v2/proposals", "/v1/proposals/", "/v1/proposals/0/calls", "/v1/accounts/%ff"] {
        assert_eq!(api.problem(path).await, problem, "{path}");
    }
    assert_json_snapshot!(problem);
}

#[tokio::test]
async fn a_wrong_method() {
    let api = Api::without_database().await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        for path in ["/v1/proposals", "/v1/status", "/readyz", "/openapi.json"] {
            let response = api.client().request(method.clone(), api.url(path)).send().await.expect("a response");
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(response.headers()["allow"], "GET,HEAD", "{method} {path}");
            assert!(problem_in(response).await.kind.ends_with("/method-not-allowed"));
        }
    }
    let response = api.client().post(api.url("/v1/proposals")).send().await.expect("a response");
    assert_json_snapshot!(problem_in(response).await);
}

#[tokio::test]
async fn an_unknown_proposal() {
    let world = World::new().await;
    assert_json_snapshot!(world.problem("/v1/proposals/0").await);
    // Too large for a proposal's number, and for any.
    for path in ["/v1/proposals/4294967295", "/v1/proposals/4294967296", "/v1/proposals/99999999999999999999999"] {
        let problem = world.problem(path).await;
        assert!(problem.kind.ends_with("/unknown-proposal") && problem.status == 404, "{path}: {problem:?}");
    }
}

#[tokio::test]
async fn unknown_numbers_of_the_treasury() {
    let world = World::new().await;
    assert_json_snapshot!(world.problem("/v1/treasury/escrows/0").await);
    for (path, detail) in [
        ("budgets/7", "No category with a budget has the number 7."),
        ("budgets/7/history", "No category with a budget has the number 7."),
        ("budgets/65536", "No category with a budget has the number 65536."),
        ("escrows/4294967296", "No escrow has the number 4294967296."),
        ("streams/3", "No stream has the number 3."),
    ] {
        let problem = world.problem(&format!("/v1/treasury/{path}")).await;
        assert_eq!((problem.status, problem.detail.as_str()), (404, detail), "{path}");
        assert!(problem.kind.ends_with("/unknown-number"), "{problem:?}");
    }
}

#[tokio::test]
async fn an_unknown_identity() {
    let world = World::new().await;
    let path = format!("/v1/identities/0x{}", "1d".repeat(32));
    let problem = world.problem(&path).await;
    for list in ["accounts", "history", "history?kind=frozen"] {
        assert_eq!(world.problem(&format!("{path}/{list}")).await, problem, "{list}");
    }
    assert_json_snapshot!(problem);
}

#[tokio::test]
async fn what_belongs_to_an_unknown_proposal() {
    let world = World::new().await;
    let problem = world.problem("/v1/proposals/0").await;
    for list in ["votes", "votes?support=for", "overrides", "sponsors", "rounds", "rankings", "identities"] {
        assert_eq!(world.problem(&format!("/v1/proposals/0/{list}")).await, problem, "{list}");
    }
}

#[tokio::test]
async fn an_unknown_parameter_flag_or_release() {
    let world = World::new().await;
    for (sort, path, history) in [
        ("parameter", "/v1/parameters/none", Some("/v1/parameters/none/history")),
        ("flag", "/v1/flags/none", Some("/v1/flags/none/history")),
        ("release", "/v1/releases/0", None),
    ] {
        let problem = world.problem(path).await;
        assert_json_snapshot!(format!("an_unknown_{sort}_by_name"), problem);
        if let Some(history) = history {
            assert_eq!(world.problem(history).await, problem, "{history}");
        }
    }
    for path in ["/v1/releases/4294967295", "/v1/releases/99999999999999999999999"] {
        assert!(world.problem(path).await.kind.ends_with("/unknown-release"), "{path}");
    }
}

/// Whatever is in a query or a path, somebody is told what is wrong with it.
#[test]
fn rubbish_is_never_an_error_of_the_server() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::new());
    static LISTS: [&str; 28] = [
        "/v1/proposals?",
        "/v1/accounts?",
        "/v1/treasury/ledger?",
        "/v1/treasury/ledger.csv?",
        "/v1/treasury/escrows?",
        "/v1/treasury/assets?",
        "/v1/treasury/budgets?",
        "/v1/treasury/streams/",
        "/v1/upgrades?",
        "/v1/proposals/0/votes?",
        "/v1/proposals/0/rankings?",
        "/v1/proposals/0/overrides?",
        "/v1/identities?",
        "/v1/freezes?",
        "/v1/roles?",
        "/v1/keys?",
        "/v1/registry/history?",
        "/v1/proposals/",
        "/v1/accounts/",
        "/v1/parameters?",
        "/v1/parameters/a/history?",
        "/v1/parameters/",
        "/v1/flags?",
        "/v1/flags/",
        "/v1/releases?",
        "/v1/anchors?",
        "/v1/anchors/origins?",
        "/v1/identities/",
    ];
    let part = prop_oneof![
        "[ -~]{0,20}",
        "(limit|cursor|state|proposer|kind|mechanism|support|asset|payee)=[A-Za-z0-9_,-]{0,40}",
        "(owner|prefix|killed|stage|component|tier|frozen|role|origin|by)=[A-Za-z0-9_,-]{0,40}",
        // What looks like a cursor of each list.
        "cursor=AQ[EIMQUYcgkosw][A-Za-z0-9_-]{10,90}",
        "cursor=AS[gksw048][A-Za-z0-9_-]{1,90}",
        "cursor=AT[IMQUYcgw048][A-Za-z0-9_-]{1,90}",
        "cursor=AU[AEIM][A-Za-z0-9_-]{1,90}",
    ];
    let strategy = (prop::sample::select(&LISTS[..]), prop::collection::vec(part, 0..3));
    let mut runner = prop::test_runner::TestRunner::default();
    let done = runner.run(&strategy, |(list, parts)| {
        let mut url = reqwest::Url::parse(&world.url("")).expect("a URL");
        match list.split_once('?') {
            Some((path, _)) => {
                url.set_path(path);
                url.set_query(Some(&parts.join("&")));
            }
            None => url.set_path(&format!("{list}{}", parts.join("/"))),
        }
        let status =
            runtime.block_on(async { world.client().get(url.clone()).send().await.expect("a response").status() });
        prop_assert!(!status.is_server_error(), "{} for {}", status, url);
        Ok(())
    });
    let _entered = runtime.enter();
    done.expect("no server error");
    drop(world);
}
