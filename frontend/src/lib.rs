//! The entry for the browser: it wakes the islands, and nothing else.

// The islands are exported by `app`; without this mention the linker would leave them out.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the start script, before it wakes each island.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
