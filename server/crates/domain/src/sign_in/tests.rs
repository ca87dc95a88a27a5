use super::*;
use proptest::prelude::*;

const SET: Timestamp = Timestamp::from_seconds(1_000);
const NOW: Timestamp = Timestamp::from_seconds(2_000);
const ACTIVE: AccountState = AccountState {
    status: AccountStatus::Active,
    password_set_at: Some(SET),
    linked: Linked::NONE
        .with(Provider::Google, SET)
        .with(Provider::Microsoft, SET),
    confirmed: true,
    second_factor: true,
};
const PLAIN: AccountState = AccountState {
    second_factor: false,
    ..ACTIVE
};
const RIGHT: First = First::Password { right: true };
const WRONG: First = First::Password { right: false };

/// Every first step that is right and brings no factor of its own.
const FIRSTS: [First; 3] = [RIGHT, from(Provider::Google), from(Provider::Microsoft)];

const fn from(provider: Provider) -> First {
    First::Provider {
        provider,
        own_factor: false,
    }
}

const fn pending(first: FirstStep) -> Pending {
    Pending {
        created_at: NOW,
        proof: FirstStepProof { first, since: SET },
        wrong_codes: 0,
    }
}

fn signed_in(first: First, second: Option<SecondStep>) -> AfterFirst {
    let first = first.step();
    AfterFirst::SignedIn(Method { first, second })
}

#[test]
fn a_first_step_alone_opens_only_accounts_without_a_second_factor() {
    for first in FIRSTS {
        assert_eq!(after_first(first, ACTIVE, false), AfterFirst::AskCode);
        assert_eq!(after_first(first, PLAIN, false), signed_in(first, None));
    }
    assert_eq!(after_first(WRONG, PLAIN, false), AfterFirst::Refused);
}

#[test]
fn a_remembered_browser_stands_for_the_code_and_for_nothing_else() {
    for first in FIRSTS {
        let device = signed_in(first, Some(SecondStep::RememberedDevice));
        assert_eq!(after_first(first, ACTIVE, true), device);
        assert_eq!(after_first(first, PLAIN, true), signed_in(first, None));
    }
    assert_eq!(after_first(WRONG, ACTIVE, true), AfterFirst::Refused);
}

#[test]
fn microsofts_factor_may_stand_for_the_code_and_googles_may_not() {
    let own = |provider| First::Provider {
        provider,
        own_factor: true,
    };
    let microsoft = own(Provider::Microsoft);
    let accepted = signed_in(microsoft, Some(SecondStep::ProvidersOwn));
    assert_eq!(after_first(microsoft, ACTIVE, false), accepted);
    assert_eq!(
        after_first(microsoft, PLAIN, false),
        signed_in(microsoft, None)
    );
    let google = own(Provider::Google);
    assert_eq!(after_first(google, ACTIVE, false), AfterFirst::AskCode);
}

#[test]
fn a_locked_account_is_told_so_and_one_without_what_the_step_rests_on_is_refused() {
    let locked = AccountState {
        status: AccountStatus::Locked,
        ..ACTIVE
    };
    let bare = AccountState {
        password_set_at: None,
        linked: Linked::NONE,
        ..ACTIVE
    };
    for first in FIRSTS {
        assert_eq!(after_first(first, locked, true), AfterFirst::Locked);
        assert_eq!(after_first(first, bare, true), AfterFirst::Refused);
        let status = AccountStatus::Locked;
        let both = AccountState { status, ..bare };
        assert_eq!(after_first(first, both, true), AfterFirst::Refused);
    }
    assert_eq!(after_first(WRONG, locked, true), AfterFirst::Refused);
    // One way in is not another.
    let only_google = AccountState {
        linked: Linked::NONE.with(Provider::Google, SET),
        ..bare
    };
    let google = from(Provider::Google);
    assert_eq!(after_first(google, only_google, false), AfterFirst::AskCode);
    assert_eq!(after_first(RIGHT, only_google, true), AfterFirst::Refused);
    let microsoft = from(Provider::Microsoft);
    assert_eq!(
        after_first(microsoft, only_google, true),
        AfterFirst::Refused
    );
}

#[test]
fn an_unconfirmed_address_opens_nothing_and_is_told_to_who_got_so_far() {
    let unconfirmed = AccountState {
        confirmed: false,
        ..ACTIVE
    };
    for first in FIRSTS {
        assert_eq!(
            after_first(first, unconfirmed, true),
            AfterFirst::Unconfirmed
        );
        assert!(!pending(first.step()).is_open(NOW, unconfirmed));
    }
    assert_eq!(after_first(WRONG, unconfirmed, true), AfterFirst::Refused);
}

#[test]
fn what_changed_in_between_closes_the_sign_in() {
    for first in FirstStep::ALL {
        let pending = pending(first);
        assert!(pending.is_open(NOW, ACTIVE));
        assert!(!pending.is_open(NOW.plus(LIFETIME), ACTIVE));
        let status = AccountStatus::Locked;
        assert!(!pending.is_open(NOW, AccountState { status, ..ACTIVE }));
        assert!(!pending.is_open(NOW, PLAIN));
        let wrong_codes = MAX_WRONG_CODES;
        let guessed = Pending {
            wrong_codes,
            ..pending
        };
        assert!(!guessed.is_open(NOW, ACTIVE));
    }
}

#[test]
fn a_sign_in_is_void_when_what_began_it_is_gone_or_another_one() {
    let changed = AccountState {
        password_set_at: Some(NOW),
        ..ACTIVE
    };
    assert!(!pending(FirstStep::Password).is_open(NOW, changed));
    for provider in Provider::ALL {
        let first = FirstStep::Provider(provider);
        assert!(pending(first).is_open(NOW, changed), "it rests on the link");
        let linked = Linked::NONE.with(provider.other(), SET);
        assert!(!pending(first).is_open(NOW, AccountState { linked, ..ACTIVE }));
        let linked = ACTIVE.linked.with(provider, NOW);
        assert!(!pending(first).is_open(NOW, AccountState { linked, ..ACTIVE }));
    }
}

#[test]
fn the_only_way_in_is_known_as_such() {
    let google = FirstStep::Provider(Provider::Google);
    assert!(ACTIVE.has_another(FirstStep::Password) && ACTIVE.has_another(google));
    let password = AccountState {
        linked: Linked::NONE,
        ..ACTIVE
    };
    assert!(!password.has_another(FirstStep::Password) && password.has_another(google));
    let both = AccountState {
        password_set_at: None,
        ..ACTIVE
    };
    assert!(both.has_another(google));
    let one = AccountState {
        linked: Linked::NONE.with(Provider::Google, SET),
        ..both
    };
    assert!(!one.has_another(google));
}

fn first() -> impl Strategy<Value = First> {
    let provider = prop_oneof![Just(Provider::Google), Just(Provider::Microsoft)];
    prop_oneof![
        any::<bool>().prop_map(|right| First::Password { right }),
        (provider, any::<bool>()).prop_map(|(provider, own_factor)| First::Provider {
            provider,
            own_factor
        }),
    ]
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of((0_i64..10_000).prop_map(Timestamp::from_seconds))
}

fn account_state() -> impl Strategy<Value = AccountState> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (flags, moment(), moment(), moment()).prop_map(
        |((locked, confirmed, second_factor), password_set_at, google, microsoft)| AccountState {
            status: if locked {
                AccountStatus::Locked
            } else {
                AccountStatus::Active
            },
            password_set_at,
            linked: Linked { google, microsoft },
            confirmed,
            second_factor,
        },
    )
}

proptest! {
    /// Red when any first step opens an account that has a second factor without a remembered
    /// browser or an accepted factor of Microsoft's.
    #[test]
    fn with_a_second_factor_no_first_step_alone_opens_a_session(
        first in first(), account in account_state(), remembered in any::<bool>(),
    ) {
        let account = AccountState { second_factor: true, ..account };
        let AfterFirst::SignedIn(method) = after_first(first, account, remembered) else {
            return Ok(());
        };
        let own = matches!(first, First::Provider { provider: Provider::Microsoft, own_factor: true });
        prop_assert!(remembered || own);
        prop_assert_eq!(method.second, Some(if own { SecondStep::ProvidersOwn } else { SecondStep::RememberedDevice }));
    }

    /// Red when a session is opened that does not rest on something that the account has.
    #[test]
    fn nobody_is_in_whose_account_is_not_usable(
        first in first(), account in account_state(), remembered in any::<bool>(),
    ) {
        let after = after_first(first, account, remembered);
        let goes_on = matches!(after, AfterFirst::SignedIn(_) | AfterFirst::AskCode);
        let may = first != WRONG
            && account.status == AccountStatus::Active
            && account.confirmed
            && account.since(first.step()).is_some();
        prop_assert_eq!(goes_on, may);
        if let AfterFirst::SignedIn(method) = after {
            prop_assert_eq!(method.first, first.step());
            prop_assert!(account.second_factor == method.second.is_some());
        }
    }

    /// Red when a sign-in that waits for a code outlives what it rests on.
    #[test]
    fn a_code_is_asked_for_only_while_the_first_step_holds(first in first(), before in account_state(), after in account_state()) {
        if after_first(first, before, false) != AfterFirst::AskCode {
            return Ok(());
        }
        let Some(since) = before.since(first.step()) else {
            return Err(TestCaseError::fail("a code is asked for, and nothing led to it"));
        };
        let proof = FirstStepProof { first: first.step(), since };
        let pending = Pending { created_at: NOW, proof, wrong_codes: 0 };
        let open = pending.is_open(NOW, after);
        prop_assert!(!open || after.since(first.step()) == Some(since));
        prop_assert!(!open || after.second_factor);
    }
}
