//! What becomes of somebody who comes back from Google or Microsoft, told on both engines.
//!
//! The provider's word is a [`Claims`] here: that it is checked before is the server's business and
//! its tests'. Every test names what breakage turns it red.
#![expect(clippy::unwrap_used, reason = "in a test a surprise is a failure")]

/// Makes two tests of each function: one on SQLite, one on PostgreSQL.
macro_rules! both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&$crate::house::House::open("sqlite::memory:").await).await;
            }
        )+}
        mod on_postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let url = testkit::migrated::postgres().await;
                super::$test(&$crate::house::House::open(&url).await).await;
            }
        )+}
    };
}

mod flows;
mod house;
mod invitation;
mod linking;
mod recovery;
mod rivals;
mod second_step;
mod signing_in;
mod unlinking;
