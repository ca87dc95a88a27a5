//! How a token is written: exactly as it was made, or it is none.

use super::{
    Home, ROWS,
    case::{Case, is_nobody, stranger},
    doors,
};
use crate::support::{TestServer, Visitor, both};
use http::Method;
use testkit::wire::Request;

both! {
    a_token_is_taken_exactly_as_it_was_made with PROXY,
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The query or body of each misspelling.
fn misspelt(token: &str) -> Vec<(&'static str, String)> {
    let (head, last) = token.split_at(42);
    let other = if last == "A" { "B" } else { "A" };
    let swapped: String = token
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_lowercase() => letter.to_ascii_uppercase(),
            letter => letter.to_ascii_lowercase(),
        })
        .collect();
    vec![
        ("missing", String::new()),
        ("empty", "token=".to_owned()),
        ("cut", format!("token={head}")),
        ("longer", format!("token={token}A")),
        ("padded", format!("token={token}%3D")),
        ("another end", format!("token={head}{other}")),
        ("upper case", format!("token={}", token.to_uppercase())),
        ("lower case", format!("token={}", token.to_lowercase())),
        ("swapped case", format!("token={swapped}")),
        ("a space before", format!("token=%20{token}")),
        ("a space after", format!("token={token}+")),
        ("a line after", format!("token={token}%0A")),
        ("a zero after", format!("token={token}%00")),
        ("another name", format!("Token={token}")),
        ("in a list", format!("token%5B%5D={token}")),
        ("at a place of a list", format!("token%5B0%5D={token}")),
        (
            "behind another",
            format!("token={head}{other}&token={token}"),
        ),
        (
            "before another",
            format!("token={token}&token={head}{other}"),
        ),
    ]
}

/// Page and form must not read two different tokens of a pair either (GitLab CVE-2023-7028, ASVS
/// 15.3.7). Red when a token is trimmed before it is looked up.
async fn a_token_is_taken_exactly_as_it_was_made(server: &TestServer) {
    let doors = doors(server).await;
    let mut cases = 0;
    for row in ROWS {
        let Some(home) = &row.home else { continue };
        for at in &doors[..2] {
            let Some(case) = Case::begin(server, row, at).await else {
                continue;
            };
            let before = case.state(server).await;
            for (how, text) in misspelt(&case.token) {
                let what = format!("{:?}, {how}", row.purpose);
                let page = home.page.at(at).unwrap();
                let shown = stranger(server).open(&format!("{page}?{text}")).await;
                let looked = shown.status == 410 || how == "before another";
                assert!(looked, "{what}: {}", shown.status);
                let visitor = press(server, &case, home, &text).await;
                assert!(is_nobody(&visitor), "{what}");
                assert!(case.state(server).await == before, "{what}");
                cases += 2;
            }
            press(server, &case, home, &format!("token={}", case.token)).await;
            assert!(case.is_consumed(server).await, "{:?}", row.purpose);
            case.end(server).await;
        }
    }
    eprintln!("token matrix, misspelt: {cases} cases");
    assert!(cases > 300, "{cases} cases");
}

/// Posts the form with its token written like this.
async fn press(server: &TestServer, case: &Case, home: &Home, token: &str) -> Visitor {
    let rest = [
        ("password", "eleven barges under the moon"),
        ("email", &case.address),
        ("door", &case.person.door.tag()),
    ];
    let rest = rest.map(|(name, value)| format!("{name}={}", value.replace('@', "%40")));
    let rest = rest.join("&").replace(' ', "+");
    let body = format!("{token}&{rest}&locale=en");
    let mut visitor = stranger(server);
    let request = Request::new(Method::POST, home.action).with_body(FORM, body.into_bytes());
    visitor.exchange(request).await;
    visitor
}
