//! Everything that is stored about one person, to read and to download.

use crate::{Answer, DataField, DataGroup, EventKind, Moment};
use async_trait::async_trait;

/// What is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataValue {
    /// Nothing, or nothing yet.
    None,
    /// A text as it is stored.
    Text(String),
    /// One of a few words, as it is stored: which, the field says.
    Code(String),
    /// What happened; none when a newer version wrote it.
    Event(Option<EventKind>),
    /// A number.
    Number(u64),
    /// A moment.
    Time(Moment),
}

/// One thing, field by field.
pub type DataRecord = Vec<(DataField, DataValue)>;

/// Everything, group by group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// When it was read.
    pub at: Moment,
    /// How many older lines of the log are in the file alone.
    pub left_out: u64,
    /// The groups; an empty one is there too.
    pub groups: Vec<(DataGroup, Vec<DataRecord>)>,
}

/// Reading and taking one's own data: both show everything at once, so both ask for a recent proof.
/// Refuses with [`crate::Problem::SignInFirst`].
#[async_trait]
pub trait OwnDataPort: Send + Sync {
    /// Everything that is stored about the signed-in user; none while the last proof is too old.
    async fn own_data(&self) -> Answer<Option<OwnData>>;

    /// Verifies the proof for it.
    async fn give_proof(&self, proof: &str) -> Answer<()>;

    /// Answers the form with the same data as a file. Refuses with [`crate::ProofProblem::Needed`] as well.
    async fn download_data(&self) -> Answer<()>;
}
