//! The page that a user wanted before signing in.

use app::routes::ROUTES;

/// A path of this site that a person can be sent to after signing in; anything else is none.
///
/// Only an address of our own table passes: no scheme, no host, no `//`, no backslash, whatever
/// its encoding (better-auth CVE-2025-27143).
pub fn own_path(wanted: &str) -> Option<String> {
    let (_, path) = app::locale::split(wanted);
    let plain = path
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b));
    let known = plain && path.starts_with('/') && ROUTES.iter().any(|route| fits(route.path, path));
    known.then(|| path.to_owned())
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given => {}
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_our_own_pages_are_returned_to() {
        assert_eq!(own_path("/settings"), Some("/settings".to_owned()));
        assert_eq!(own_path("/fr/settings"), Some("/settings".to_owned()));
        assert_eq!(
            own_path("/help/article/two-factor"),
            Some("/help/article/two-factor".to_owned())
        );
        for hostile in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/settings/../x",
            "/%2F/evil.example",
            "/fr//evil.example",
            "javascript:alert(1)",
            "/settings?x=1",
            "/settings\r\nSet-Cookie: a=b",
            "settings",
            "/nowhere",
        ] {
            assert_eq!(own_path(hostile), None, "{hostile}");
        }
    }
}
