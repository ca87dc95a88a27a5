//! The sanitizer, with what an article must never contain.

use super::clean::clean;
use super::options;

#[test]
fn hostile_html_does_not_pass_the_gate() {
    let hostile = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"data:text/html,x\">x</a>",
        "<svg onload=alert(1)></svg>",
        "<p style=\"color:red\" onclick=\"x()\">x</p>",
        "<iframe src=\"https://x.example\"></iframe>",
        "<div role=\"alert\" class=\"banner\">x</div>",
        "<form action=\"/x\"><input name=a></form>",
    ];
    for html in hostile {
        let clean = clean(html);
        for part in [
            "script",
            "onerror",
            "javascript:",
            "data:",
            "svg",
            "onload",
            "style",
            "onclick",
            "iframe",
            "alert",
            "banner",
            "form",
            "input",
        ] {
            assert!(!clean.contains(part), "{html} became {clean}");
        }
    }
}

#[test]
fn raw_html_in_markdown_is_shown_as_text() {
    let html = comrak::markdown_to_html(
        "a <b onclick=\"x()\">b</b>\n\n<script>alert(1)</script>",
        &options(),
    );
    assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
    let html = comrak::markdown_to_html(
        "[x](javascript:alert(1)) ![y](javascript:alert(1))",
        &options(),
    );
    assert!(!html.contains("javascript:"), "{html}");
}
