//! Problems in words: one exhaustive `match`, so that a new code needs its words in both languages.

pub mod provider;

use crate::{
    components::{FieldError, NewPasswordWords, SessionWatchWords},
    i18n::Locale,
};
use contract::{Field, Flash, Problem, Span};
use leptos_i18n::td_string;

/// The id of the field for a recovery code at the second step.
pub const RECOVERY_CODE: &str = "recovery-code";

/// What to tell the person.
pub fn problem(t: Locale, problem: &Problem, support: &str) -> String {
    match problem {
        Problem::Empty { field } => empty(t, *field).to_string(),
        Problem::Several { problems } => {
            let texts: Vec<_> = problems
                .iter()
                .map(|one| self::problem(t, one, support))
                .collect();
            texts.join(" ")
        }
        Problem::NotAnAddress => td_string!(t, errors.not_an_address).to_string(),
        Problem::BadCredentials => td_string!(t, errors.bad_credentials).to_string(),
        Problem::Unconfirmed => td_string!(t, errors.unconfirmed).to_string(),
        Problem::CodeRejected => td_string!(t, errors.code_rejected).to_string(),
        Problem::NotACode => td_string!(t, errors.not_a_code).to_string(),
        Problem::NotAMailCode => td_string!(t, errors.not_a_mail_code).to_string(),
        Problem::MailCodeRejected => td_string!(t, errors.mail_code_rejected).to_string(),
        Problem::WrongPassword => td_string!(t, errors.wrong_password).to_string(),
        Problem::ProofRejected => td_string!(t, errors.proof_rejected).to_string(),
        Problem::ProofNeeded => td_string!(t, errors.proof_needed).to_string(),
        Problem::TooManyTries { wait_s } => too_many(t, *wait_s),
        Problem::ResetNeeded => td_string!(t, errors.reset_needed).to_string(),
        Problem::CodesClosed => {
            td_string!(t, errors.codes_closed, email = support.to_owned())
        }
        Problem::SignInExpired => td_string!(t, errors.sign_in_expired).to_string(),
        Problem::DeadLink => td_string!(t, errors.dead_link).to_string(),
        Problem::PasswordTooShort { minimum } => {
            td_string!(t, errors.password_too_short, minimum = minimum.to_string())
        }
        Problem::PasswordTooLong => td_string!(t, errors.password_too_long).to_string(),
        Problem::PasswordPersonal => td_string!(t, errors.password_personal).to_string(),
        Problem::PasswordCommon => td_string!(t, errors.password_common).to_string(),
        Problem::PasswordLeaked => td_string!(t, errors.password_leaked).to_string(),
        Problem::PasswordGuessable => td_string!(t, errors.password_guessable).to_string(),
        Problem::SamePassword => td_string!(t, errors.same_password).to_string(),
        Problem::NotEnrolling => td_string!(t, errors.not_enrolling).to_string(),
        Problem::ClockOff { seconds } => clock_off(t, *seconds),
        Problem::PasswordNeedsFactor { minimum } => td_string!(
            t,
            errors.password_needs_factor,
            minimum = minimum.to_string()
        ),
        Problem::Unchanged => td_string!(t, errors.unchanged).to_string(),
        Problem::SameAddress => td_string!(t, errors.same_address).to_string(),
        Problem::AddressUnusable => td_string!(t, errors.address_unusable).to_string(),
        Problem::LastManager { organisation } => {
            td_string!(t, errors.last_manager, organisation = organisation.clone())
        }
        Problem::Provider(refusal) => provider::what(t, refusal),
        Problem::OnlyWayIn => td_string!(t, errors.only_way_in).to_string(),
        Problem::NotAName => td_string!(t, errors.not_a_name).to_string(),
        Problem::TooLong { limit, .. } => td_string!(t, errors.too_long, limit = limit.to_string()),
        Problem::SignInFirst => td_string!(t, errors.sign_in_first).to_string(),
        Problem::Forbidden => td_string!(t, errors.forbidden).to_string(),
        Problem::NotFound => td_string!(t, errors.not_found).to_string(),
        Problem::BadRequest => td_string!(t, errors.bad_request).to_string(),
        Problem::Busy { .. } => td_string!(t, errors.busy).to_string(),
        Problem::Broken { reference } => {
            td_string!(
                t,
                errors.broken,
                email = support.to_owned(),
                reference = reference.clone()
            )
        }
    }
}

/// A length of time.
pub fn span(t: Locale, span: Span) -> String {
    match span {
        Span::Hours(1) => td_string!(t, sessions.hour).to_string(),
        Span::Hours(count) => td_string!(t, sessions.hours, count = count.to_string()),
        Span::Days(1) => td_string!(t, sessions.day).to_string(),
        Span::Days(count) => td_string!(t, sessions.days, count = count.to_string()),
    }
}

/// The heading of a page that shows nothing but a problem.
pub fn title(t: Locale, problem: &Problem) -> String {
    match problem {
        Problem::SignInFirst => td_string!(t, errors.sign_in_first_title).to_string(),
        Problem::Forbidden => td_string!(t, errors.forbidden_title).to_string(),
        Problem::NotFound => td_string!(t, errors.not_found_title).to_string(),
        Problem::Busy { .. } => td_string!(t, errors.busy_title).to_string(),
        Problem::Broken { .. } => td_string!(t, errors.broken_title).to_string(),
        Problem::Provider(refusal) => provider::title(t, refusal),
        _ => td_string!(t, errors.bad_request_title).to_string(),
    }
}

/// The lines of the error summary of a form.
pub fn summary(t: Locale, flash: &Flash, support: &str) -> Vec<FieldError> {
    let line = |found: &Problem| {
        let id = match (flash.form.as_deref(), found.field()) {
            // The second step has two fields for a code.
            (Some("recovery"), Some(Field::Code)) => RECOVERY_CODE,
            (_, Some(field)) => field.name(),
            (_, None) => "",
        };
        FieldError::new(id.to_owned(), of_form(t, flash, found, support))
    };
    flash
        .problem
        .iter()
        .flat_map(Problem::each)
        .map(line)
        .collect()
}

/// The problem of one field, to be shown beside it.
pub fn beside(t: Locale, flash: &Flash, field: Field) -> Option<String> {
    let mut problems = flash.problem.iter().flat_map(Problem::each);
    let found = problems.find(|found| found.field() == Some(field))?;
    Some(of_form(t, flash, found, ""))
}

/// What to tell the person about a form: a code of the wrong form is told which form is asked for
/// there.
fn of_form(t: Locale, flash: &Flash, found: &Problem, support: &str) -> String {
    match (flash.form.as_deref(), found) {
        (Some("recovery"), Problem::NotACode) => {
            td_string!(t, errors.not_a_recovery_code).to_string()
        }
        _ => problem(t, found, support),
    }
}

/// The words around a field in which a new password is chosen.
pub fn new_password(t: Locale, minimum: u32) -> NewPasswordWords {
    let said = |found: Problem| problem(t, &found, "").into();
    NewPasswordWords {
        hint: td_string!(t, strength.hint, minimum = minimum.to_string()).into(),
        show: td_string!(t, common.show).into(),
        hide: td_string!(t, common.hide).into(),
        what: td_string!(t, common.password_word).into(),
        short_one: td_string!(t, strength.short_one).into(),
        short_many: td_string!(t, strength.short_many, count = "#").into(),
        too_long: said(Problem::PasswordTooLong),
        personal: said(Problem::PasswordPersonal),
        common: said(Problem::PasswordCommon),
        guessable: said(Problem::PasswordGuessable),
        good: td_string!(t, strength.good).into(),
        later: td_string!(t, strength.later).into(),
    }
}

/// The words for somebody whose session comes to its end while she types.
pub fn session_watch(t: Locale) -> SessionWatchWords {
    SessionWatchWords {
        label: td_string!(t, sessions.watch).into(),
        idle_one: td_string!(t, sessions.idle_one).into(),
        idle_many: td_string!(t, sessions.idle_many, minutes = "#").into(),
        age_one: td_string!(t, sessions.age_one).into(),
        age_many: td_string!(t, sessions.age_many, minutes = "#").into(),
        over: td_string!(t, sessions.over).into(),
        kept: td_string!(t, sessions.goes_on).into(),
        failed: td_string!(t, sessions.keep_failed).into(),
        keep: td_string!(t, sessions.keep).into(),
    }
}

fn empty(t: Locale, field: Field) -> &'static str {
    match field {
        Field::Email => td_string!(t, errors.empty_email),
        Field::Password => td_string!(t, errors.empty_password),
        Field::Code => td_string!(t, errors.empty_code),
        Field::Proof => td_string!(t, errors.empty_proof),
        Field::Present => td_string!(t, errors.empty_present),
        Field::Comment => td_string!(t, errors.empty_comment),
        Field::Name => td_string!(t, errors.empty_name),
    }
}

fn too_many(t: Locale, wait_s: u64) -> String {
    if wait_s <= 60 {
        td_string!(t, errors.too_many_seconds).to_string()
    } else {
        td_string!(
            t,
            errors.too_many_minutes,
            minutes = wait_s.div_ceil(60).to_string()
        )
    }
}

fn clock_off(t: Locale, seconds: i64) -> String {
    let size = seconds.unsigned_abs().to_string();
    if seconds < 0 {
        td_string!(t, errors.clock_behind, seconds = size)
    } else {
        td_string!(t, errors.clock_ahead, seconds = size)
    }
}
