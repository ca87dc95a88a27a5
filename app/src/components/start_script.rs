//! The one script of the site: it wakes the islands of a page.
//!
//! It is written out in the page with the request's nonce, so that the policy can forbid every
//! other inline script. What it imports is trusted because it is trusted (`strict-dynamic`). A page
//! without an island does not carry it.

use leptos::prelude::*;

use super::Text;

/// Hints for the browser and the start script itself. Belongs in the `<head>`.
///
/// The two addresses are made by the build (letters, digits, `/`, `.`, `-`), never by a request:
/// they are written into the script as they are.
#[component]
pub fn StartScript(
    /// Address of the JavaScript that `wasm-bindgen` wrote.
    #[prop(into)]
    js_url: Text,
    /// Address of the WebAssembly.
    #[prop(into)]
    wasm_url: Text,
    /// The nonce of this response's policy.
    #[prop(into)]
    nonce: Text,
) -> impl IntoView {
    let script = script(&js_url, &wasm_url);
    view! {
        <link rel="modulepreload" href=js_url nonce=nonce.clone() />
        <link rel="preload" href=wasm_url r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}

/// Starts the WebAssembly, then gives each `<leptos-island>` to the exported function that it
/// names, outer islands first. An island that stands among another one's children finds its owner
/// through `$$on_hydrate`.
///
/// The line about `autofocus` helps browsers that honour it on inputs only: an error summary is not
/// an input. It comes last, when the others have done it themselves.
fn script(js_url: &str, wasm_url: &str) -> String {
    format!(
        r#"import start, * as islands from "{js_url}";
await start({{ module_or_path: "{wasm_url}" }});
islands.hydrate();
for (const island of document.querySelectorAll("leptos-island")) {{
  island.parentElement.closest("leptos-children")?.$$on_hydrate?.();
  await islands[island.dataset.component]?.(island);
}}
if (document.activeElement === document.body) document.querySelector("main [autofocus]")?.focus();
document.body.dataset.hydrated = "";
"#
    )
}
