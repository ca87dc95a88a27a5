//! Words that several pages share.

pub mod funnel;
pub mod names;
mod problem;
pub mod provider;

pub use problem::{problem, title};

use crate::{
    components::{FieldError, NewPasswordWords, SessionWatchWords},
    i18n::Locale,
};
use contract::{CodeProblem, Field, Flash, PasswordProblem, Problem, Span};
use leptos_i18n::td_string;

/// The id of the field for a recovery code at the second step.
pub const RECOVERY_CODE: &str = "recovery-code";

/// A length of time.
pub fn span(t: Locale, span: Span) -> String {
    match span {
        Span::Hours(1) => td_string!(t, sessions.hour).to_string(),
        Span::Hours(count) => td_string!(t, sessions.hours, count = count.to_string()),
        Span::Days(1) => td_string!(t, sessions.day).to_string(),
        Span::Days(count) => td_string!(t, sessions.days, count = count.to_string()),
    }
}

/// The lines of the error summary of a form.
pub fn summary(t: Locale, flash: &Flash, support: &str) -> Vec<FieldError> {
    let line = |found: &Problem| {
        let id = match (flash.form.as_deref(), found.field()) {
            // The second step has two fields for a code.
            (Some("recovery"), Some(Field::Code)) => RECOVERY_CODE,
            (_, Some(field)) => field.as_str(),
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
    let found = problems.find(|found| found.marks(field))?;
    Some(of_form(t, flash, found, ""))
}

/// The words of a problem of a form: for a malformed code they say which form is expected
/// there.
fn of_form(t: Locale, flash: &Flash, found: &Problem, support: &str) -> String {
    match (flash.form.as_deref(), found) {
        (Some("recovery"), Problem::Code(CodeProblem::Malformed)) => {
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
        too_long: said(Problem::Password(PasswordProblem::TooLong)),
        personal: said(Problem::Password(PasswordProblem::Personal)),
        common: said(Problem::Password(PasswordProblem::Common)),
        guessable: said(Problem::Password(PasswordProblem::Guessable)),
        good: td_string!(t, strength.good).into(),
        later: td_string!(t, strength.later).into(),
    }
}

/// The words of the warning before the end of a session.
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
