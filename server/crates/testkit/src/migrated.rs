//! Databases that have their tables already. They are made once for each engine and test process, and copied:
//! migrating takes longer than most tests.

use crate::postgres;
use std::{fs, path::Path};
use store::Store;
use tokio::sync::OnceCell;

/// The address of a fresh database of PostgreSQL with all tables.
pub async fn postgres() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let url = postgres::database().await;
        migrate(&url).await;
        url
    });
    postgres::copy_of(template.await).await
}

/// Writes a fresh database of SQLite with all tables.
///
/// # Panics
/// When the file cannot be written.
pub async fn sqlite(path: &Path) {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let first = path.with_extension("template");
        migrate(&format!("sqlite:{}", first.display())).await;
        // Closing has moved everything into the one file.
        fs::read(first).expect("the file can be read")
    });
    fs::write(path, template.await).expect("the folder can be written to");
}

async fn migrate(url: &str) {
    let store = Store::connect(url).await.expect("the database opens");
    store.migrate().await.expect("the migrations run");
    store.close().await;
}
