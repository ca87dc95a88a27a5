//! Problems in words, area by area. Every `match` is exhaustive: a problem without words in both
//! languages does not compile.

use super::{names, provider};
use crate::i18n::Locale;
use contract::{
    CodeProblem, DetailsProblem, LeavingProblem, PasswordProblem, Problem, ProofProblem,
    ProviderProblem, RegistrationProblem, SignInProblem,
};
use leptos_i18n::td_string;

/// What happened, and what to do about it.
pub fn problem(t: Locale, problem: &Problem, support: &str) -> String {
    match problem {
        Problem::SignInFirst => td_string!(t, errors.sign_in_first).to_string(),
        Problem::Forbidden => td_string!(t, errors.forbidden).to_string(),
        Problem::NotFound => td_string!(t, errors.not_found).to_string(),
        Problem::BadRequest => td_string!(t, errors.bad_request).to_string(),
        Problem::Busy { .. } => td_string!(t, errors.busy).to_string(),
        Problem::Broken { reference } => td_string!(
            t,
            errors.broken,
            email = support.to_owned(),
            reference = reference.clone()
        ),
        Problem::TooManyTries { wait_s } => too_many(t, *wait_s),
        Problem::DeadLink => td_string!(t, errors.dead_link).to_string(),
        Problem::Unchanged => td_string!(t, errors.unchanged).to_string(),
        Problem::Empty { field } => names::empty_field(t, *field).to_string(),
        Problem::TooLong { limit, .. } => td_string!(t, errors.too_long, limit = limit.to_string()),
        Problem::NotAnAddress => td_string!(t, errors.not_an_address).to_string(),
        Problem::Several { problems } => {
            let texts = problems.iter().map(|one| self::problem(t, one, support));
            texts.collect::<Vec<_>>().join(" ")
        }
        Problem::SignIn(problem) => sign_in(t, *problem, support),
        Problem::Registration(problem) => registration(t, *problem, support),
        Problem::Code(problem) => code(t, *problem),
        Problem::Proof(problem) => proof(t, *problem).to_string(),
        Problem::Password(problem) => password(t, *problem),
        Problem::Details(problem) => details(t, *problem).to_string(),
        Problem::Leaving(problem) => leaving(t, problem),
        Problem::Provider(ProviderProblem::Refused(refusal)) => provider::what(t, refusal),
        Problem::Provider(ProviderProblem::OnlyWayIn) => {
            td_string!(t, errors.only_way_in).to_string()
        }
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
        Problem::Provider(ProviderProblem::Refused(refusal)) => provider::title(t, refusal),
        Problem::BadRequest
        | Problem::TooManyTries { .. }
        | Problem::DeadLink
        | Problem::Unchanged
        | Problem::Empty { .. }
        | Problem::TooLong { .. }
        | Problem::NotAnAddress
        | Problem::Several { .. }
        | Problem::SignIn(_)
        | Problem::Registration(_)
        | Problem::Code(_)
        | Problem::Proof(_)
        | Problem::Password(_)
        | Problem::Details(_)
        | Problem::Leaving(_)
        | Problem::Provider(ProviderProblem::OnlyWayIn) => {
            td_string!(t, errors.bad_request_title).to_string()
        }
    }
}

fn sign_in(t: Locale, problem: SignInProblem, support: &str) -> String {
    match problem {
        SignInProblem::BadCredentials => td_string!(t, errors.bad_credentials).to_string(),
        SignInProblem::Unconfirmed => td_string!(t, errors.unconfirmed).to_string(),
        SignInProblem::Locked => td_string!(t, errors.locked, email = support.to_owned()),
        SignInProblem::ResetNeeded => td_string!(t, errors.reset_needed).to_string(),
        SignInProblem::CodesClosed => {
            td_string!(t, errors.codes_closed, email = support.to_owned())
        }
        SignInProblem::Closed => td_string!(t, errors.sign_in_closed).to_string(),
        SignInProblem::Expired => td_string!(t, errors.sign_in_expired).to_string(),
    }
}

fn registration(t: Locale, problem: RegistrationProblem, support: &str) -> String {
    match problem {
        RegistrationProblem::NotOpen => td_string!(t, errors.registration_not_open).to_string(),
        RegistrationProblem::Closed => td_string!(t, errors.registration_closed).to_string(),
        RegistrationProblem::MailsUsedUp => {
            td_string!(t, errors.registration_mails, email = support.to_owned())
        }
    }
}

fn code(t: Locale, problem: CodeProblem) -> String {
    match problem {
        CodeProblem::Rejected => td_string!(t, errors.code_rejected).to_string(),
        CodeProblem::Malformed => td_string!(t, errors.not_a_code).to_string(),
        CodeProblem::Outdated => td_string!(t, errors.outdated).to_string(),
        CodeProblem::NotEnrolling => td_string!(t, errors.not_enrolling).to_string(),
        CodeProblem::ClockOff { seconds } => clock_off(t, seconds),
        CodeProblem::PasswordNeedsFactor { minimum } => td_string!(
            t,
            errors.password_needs_factor,
            minimum = minimum.to_string()
        ),
    }
}

fn proof(t: Locale, problem: ProofProblem) -> &'static str {
    match problem {
        ProofProblem::Rejected => td_string!(t, errors.proof_rejected),
        ProofProblem::Closed => td_string!(t, errors.proofs_closed),
        ProofProblem::Needed => td_string!(t, errors.proof_needed),
        ProofProblem::CodeNeeded => td_string!(t, errors.code_needed),
    }
}

fn password(t: Locale, problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::WrongPresent => td_string!(t, errors.wrong_password).to_string(),
        PasswordProblem::TooShort { minimum } => {
            td_string!(t, errors.password_too_short, minimum = minimum.to_string())
        }
        PasswordProblem::TooLong => td_string!(t, errors.password_too_long).to_string(),
        PasswordProblem::Personal => td_string!(t, errors.password_personal).to_string(),
        PasswordProblem::Common => td_string!(t, errors.password_common).to_string(),
        PasswordProblem::Leaked => td_string!(t, errors.password_leaked).to_string(),
        PasswordProblem::Guessable => td_string!(t, errors.password_guessable).to_string(),
        PasswordProblem::Same => td_string!(t, errors.same_password).to_string(),
        PasswordProblem::Withdrawn => td_string!(t, errors.withdrawn_password).to_string(),
        PasswordProblem::MailCodeMalformed => td_string!(t, errors.not_a_mail_code).to_string(),
        PasswordProblem::MailCodeRejected => td_string!(t, errors.mail_code_rejected).to_string(),
    }
}

fn details(t: Locale, problem: DetailsProblem) -> &'static str {
    match problem {
        DetailsProblem::NotAName => td_string!(t, errors.not_a_name),
        DetailsProblem::SameAddress => td_string!(t, errors.same_address),
        DetailsProblem::AddressUnusable => td_string!(t, errors.address_unusable),
    }
}

fn leaving(t: Locale, problem: &LeavingProblem) -> String {
    match problem {
        LeavingProblem::LastManager { organisation } => {
            td_string!(t, errors.last_manager, organisation = organisation.clone())
        }
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
    let (size, behind) = (seconds.unsigned_abs(), seconds < 0);
    let minutes = size.div_ceil(60).to_string();
    match (size < 120, behind) {
        (true, true) => td_string!(t, errors.clock_behind, seconds = size.to_string()),
        (true, false) => td_string!(t, errors.clock_ahead, seconds = size.to_string()),
        (false, true) => td_string!(t, errors.clock_behind_minutes, minutes = minutes),
        (false, false) => td_string!(t, errors.clock_ahead_minutes, minutes = minutes),
    }
}
