//! Counters for the operator, in the text format of Prometheus.
//!
//! Labels are from short lists: nothing that a visitor sends becomes one.

use domain::Realm;
use http::StatusCode;
use identity::StepCounts;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

/// Why something was refused, as the log and the label `why` say it.
pub const REASONS: [&str; 15] = [
    "bad_credentials",
    "unconfirmed",
    "locked",
    "reset_needed",
    "codes_closed",
    "code_rejected",
    "proof_rejected",
    "proofs_closed",
    "wrong_password",
    "dead_link",
    "too_many_tries",
    "busy",
    "forbidden",
    "foreign_form",
    "provider",
];

/// The classes of an answer's status: from 1xx to 5xx.
const CLASSES: usize = 5;

/// What was counted since the start of the process.
#[derive(Default)]
pub struct Metrics {
    refusals: [AtomicU64; REASONS.len()],
    answers: [AtomicU64; CLASSES],
    closed_connections: AtomicU64,
    managers: AtomicU64,
    participants: AtomicU64,
}

impl Metrics {
    /// Counts a refusal for one of [`REASONS`].
    pub fn refuse(&self, why: &str) {
        let place = REASONS.iter().position(|reason| *reason == why);
        if let Some(count) = place.and_then(|place| self.refusals.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a sign-in.
    pub fn sign_in(&self, realm: &Realm) {
        let count = match realm {
            Realm::BackOffice => &self.managers,
            Realm::Organisation(_) => &self.participants,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answer.
    pub fn answer(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = self.answers.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a connection that was closed, because its network held all that it may.
    pub fn close_connection(&self) {
        self.closed_connections.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything, as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let value = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let mut counter = |name: &str, help: &str, label: &str, values: &[(String, u64)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (of, value) in values {
                let _ = writeln!(text, "{name}{{{label}=\"{of}\"}} {value}");
            }
        };
        let refusals = REASONS.iter().zip(&self.refusals);
        let refusals: Vec<_> = refusals
            .map(|(why, count)| ((*why).to_owned(), value(count)))
            .collect();
        counter(
            "bpart_refusals_total",
            "What was refused, and why.",
            "why",
            &refusals,
        );
        let sign_ins = [
            ("back_office".to_owned(), value(&self.managers)),
            ("participants".to_owned(), value(&self.participants)),
        ];
        counter(
            "bpart_sign_ins_total",
            "Sessions that were opened.",
            "door",
            &sign_ins,
        );
        let answers = (1..).zip(&self.answers);
        let answers: Vec<_> = answers
            .map(|(class, count)| (format!("{class}xx"), value(count)))
            .collect();
        counter(
            "bpart_answers_total",
            "Answers by their status.",
            "status",
            &answers,
        );
        counter(
            "bpart_closed_connections_total",
            "Connections that were closed unanswered.",
            "why",
            &[(
                "network_holds_too_many".to_owned(),
                value(&self.closed_connections),
            )],
        );
        text
    }
}

/// How many registrations of the last 24 hours came to which step. The mail domain is typed by visitors: its characters are
/// those of a domain name, or it is counted as `other`.
pub fn registrations(counts: &StepCounts) -> String {
    let name = "bpart_registrations";
    let mut safe: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for ((step, domain), count) in counts {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let domain = if domain.chars().all(is_plain) {
            domain
        } else {
            "other"
        };
        *safe.entry((step.as_str(), domain)).or_default() += count;
    }
    let help = "Registrations of the last 24 hours by the step they came to and by mail domain.";
    let mut text = format!("# HELP {name} {help}\n# TYPE {name} gauge\n");
    for ((step, domain), count) in safe {
        let _ = writeln!(
            text,
            "{name}{{step=\"{step}\",domain=\"{domain}\"}} {count}"
        );
    }
    text
}
