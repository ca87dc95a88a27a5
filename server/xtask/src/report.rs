//! What a stage of the gate and a test came to.

use serde::{Deserialize, Serialize};

/// One test that ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestResult {
    /// Its full name: the path of a Rust test, the titles of a browser test.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// It was left out, and says nothing.
    Skipped,
}

/// What a stage has to say when nothing stood in its way.
#[derive(Default)]
pub struct Report {
    /// Tests that hold.
    pub passed: usize,
    /// Tests that do not.
    pub failed: usize,
    /// More, in a few words; for failed tests, their output.
    pub note: String,
    /// Whether the stage could not run, for the reason in `note`, and the rest may go on.
    pub left_out: bool,
}

impl Report {
    /// A stage that is good to have but cannot run here.
    pub fn not_run(reason: &str) -> Self {
        Self {
            note: reason.to_owned(),
            left_out: true,
            ..Self::default()
        }
    }

    /// Counts results; the note is for the failed ones.
    pub fn of(results: &[TestResult], note: String) -> Self {
        let count = |outcome| {
            results
                .iter()
                .filter(|result| result.outcome == outcome)
                .count()
        };
        Self {
            passed: count(Outcome::Passed),
            failed: count(Outcome::Failed),
            note,
            left_out: false,
        }
    }
}
