//! The runner at work, on both engines: what goes first, what waits, and what comes back.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

/// Makes two tests of each function that takes a [`house::House`].
macro_rules! both {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$test($crate::house::House::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$test($crate::house::House::postgres().await).await;
            }
        }
    )+};
}

mod failing;
mod house;
mod order;
mod processes;
