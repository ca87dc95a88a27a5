//! Forms: taken from our own pages, in the shape that our pages send, and answered with words.

use crate::support::{
    TestServer, Visitor, both, once,
    words::{assert_refused, assert_says},
};
use app::paths;
use contract::{Field, Problem, SignInProblem};
use http::Method;
use testkit::wire::{Reply, Request};

both! {
    a_form_of_a_foreign_page_is_refused,
    a_form_of_our_own_page_is_taken,
    arrays_and_doubles_are_refused,
    a_missing_field_is_named_beside_the_field,
    a_form_that_is_too_large_is_refused_before_any_work,
    a_password_that_is_too_long_is_wrong_like_any_other,
    what_was_typed_is_text_in_the_next_page,
    a_script_gets_the_problem_as_data,
    a_script_that_sends_no_form_of_ours_is_told_so,
}

once! {
    an_unknown_function_is_answered_with_a_page,
    a_get_changes_nothing,
}

/// Posts the right password with other headers than a browser on our page would send.
async fn post(
    visitor: &mut Visitor,
    person: &crate::support::Person,
    headers: &[(&str, &str)],
) -> Reply {
    let fields = [
        ("email", person.email.as_str()),
        ("password", &person.password),
        ("locale", "en"),
    ];
    let mut request = Request::new(Method::POST, "/api/sign_in").with_form(&fields);
    for (name, value) in headers {
        request = request.with(name, value);
    }
    visitor.exchange(request).await
}

/// Red when signing in is left out of the rule: somebody could be signed in to a stranger's
/// account without knowing.
async fn a_form_of_a_foreign_page_is_refused(server: &TestServer) {
    let person = server.person().await;
    let ours = "http://localhost:3000";
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", ours)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://localhost:3001")],
        &[("origin", "https://localhost:3000")],
        &[("origin", "http://localhost:3000.evil.example")],
        &[("sec-fetch-site", "rubbish")],
    ] {
        let mut visitor = server.visitor();
        let answer = post(&mut visitor, &person, headers).await;
        assert!(
            [400, 403].contains(&answer.status.as_u16()),
            "{headers:?}: {}",
            answer.status
        );
        assert!(
            answer.text().contains("</html>"),
            "a person gets a page: {headers:?}"
        );
        assert!(
            visitor.jar.names().is_empty(),
            "{headers:?}: {:?}",
            visitor.jar.names()
        );
    }
}

async fn a_form_of_our_own_page_is_taken(server: &TestServer) {
    let person = server.person().await;
    for headers in [
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://localhost:3000"),
        ][..],
        &[("origin", "http://localhost:3000")],
        &[],
    ] {
        let mut visitor = server.visitor();
        let answer = post(&mut visitor, &person, headers).await;
        assert_eq!(answer.header("location"), paths::BACK_OFFICE, "{headers:?}");
    }
}

async fn raw(server: &TestServer, content_type: &str, body: &str) -> (Visitor, Reply) {
    let mut visitor = server.visitor();
    let request = Request::new(Method::POST, "/api/sign_in")
        .with_body(content_type, body.as_bytes().to_vec());
    let answer = visitor.exchange(request).await;
    (visitor, answer)
}

/// Red when the last of two values wins (GitLab CVE-2023-7028 mailed to both).
async fn arrays_and_doubles_are_refused(server: &TestServer) {
    let person = server.person().await;
    let (email, password) = (
        person.email.replace('@', "%40"),
        person.password.replace(' ', "+"),
    );
    for body in [
        format!("email={email}&email=other%40town.example&password={password}"),
        format!("email=other%40town.example&email={email}&password={password}"),
        format!("email[]={email}&password={password}"),
        format!("email[0]={email}&email[1]=x&password={password}"),
        format!("email[x]={email}&password={password}"),
        format!("email%5B%5D={email}&password={password}"),
        format!("email={email}%2Cother%40town.example&password={password}"),
        format!("email={email}%0Aother%40town.example&password={password}"),
        format!("email={email}%00&password={password}"),
        format!("email=%FF%FE&password={password}"),
    ] {
        let (mut visitor, answer) = raw(server, "application/x-www-form-urlencoded", &body).await;
        assert!(visitor.jar.get("back-office").is_none(), "{body}");
        assert!(
            answer.status.is_client_error() || answer.status == 303,
            "{body}: {}",
            answer.status
        );
        assert!(!visitor.is_in().await, "{body}");
    }
    let json = format!(
        "{{\"email\":\"{}\",\"password\":\"{}\"}}",
        person.email, person.password
    );
    let (visitor, answer) = raw(server, "application/json", &json).await;
    assert!(visitor.jar.get("back-office").is_none());
    assert!(
        answer.status.is_client_error() || answer.status == 303,
        "{}",
        answer.status
    );
}

async fn a_missing_field_is_named_beside_the_field(server: &TestServer) {
    let empty = |field| Problem::Empty { field };
    for (fields, problem) in [
        (
            vec![("locale", "en")],
            Problem::Several {
                problems: vec![empty(Field::Email), empty(Field::Password)],
            },
        ),
        (
            vec![("email", "nobody"), ("password", "")],
            Problem::Several {
                problems: vec![Problem::NotAnAddress, empty(Field::Password)],
            },
        ),
        (
            vec![("email", ""), ("password", "x"), ("locale", "en")],
            empty(Field::Email),
        ),
        (vec![("email", "a@town.example")], empty(Field::Password)),
        (
            vec![("email", "nobody"), ("password", "x")],
            Problem::NotAnAddress,
        ),
        (
            vec![("email", "a\u{ff20}town.example"), ("password", "x")],
            Problem::NotAnAddress,
        ),
        (
            vec![("email", "a@t\u{f6}wn.example"), ("password", "x")],
            Problem::NotAnAddress,
        ),
    ] {
        let page = server
            .visitor()
            .post_and_follow("/api/sign_in", &fields)
            .await;
        assert_refused(&page, &problem);
        for problem in problem.each() {
            let field = problem.field().unwrap().as_str();
            let input = page.first(&format!("[name={field}]"));
            assert_eq!(input.attribute("aria-invalid"), Some("true"), "{field}");
        }
    }
}

/// Red when the form is read whole before its size is looked at, or counted as a try.
async fn a_form_that_is_too_large_is_refused_before_any_work(server: &TestServer) {
    let person = server.person().await;
    let huge = "x".repeat(1_000_000);
    for _ in 0..11 {
        let fields = [
            ("email", person.email.as_str()),
            ("password", &huge),
            ("locale", "en"),
        ];
        let answer = server.visitor().post("/api/sign_in", &fields).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert!(answer.text().contains("</html>"), "a person gets a page");
    }
    server.visitor().sign_in(&person).await;
}

async fn a_password_that_is_too_long_is_wrong_like_any_other(server: &TestServer) {
    let person = server.person().await;
    for size in [1025, 3073, 20_000] {
        let page = server
            .visitor()
            .give_password(&person.email, &"x".repeat(size))
            .await;
        assert_refused(&page, &Problem::SignIn(SignInProblem::BadCredentials));
    }
}

/// Red when a value is written into the page without being escaped.
async fn what_was_typed_is_text_in_the_next_page(server: &TestServer) {
    let hostile = "\"><script>alert(1)</script><a href='";
    let mut visitor = server.visitor();
    let page = visitor.give_password(hostile, "x").await;
    assert_eq!(page.form("/api/sign_in").value("email"), Some(hostile));
    assert!(!page.html.contains("<script>alert"), "{}", page.html);
    let page = visitor
        .open("/sign-in?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert!(!page.html.contains("<script>alert"), "{}", page.html);
    let page = visitor
        .open("/help/search?q=%3C/title%3E%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert!(!page.html.contains("<script>alert"), "{}", page.html);
}

async fn a_script_gets_the_problem_as_data(server: &TestServer) {
    let fields = [
        ("email", "nobody@town.example"),
        ("password", "a guess"),
        ("locale", "en"),
    ];
    let request = Request::new(Method::POST, "/api/sign_in").with_form(&fields);
    let answer = server
        .visitor()
        .exchange(request.with("accept", "application/json"))
        .await;
    assert!(
        answer.text().contains("bad_credentials"),
        "{}",
        answer.text()
    );
    assert!(answer.set_cookies().is_empty());
}

/// Red when what Leptos could not read is called a fault of the server.
async fn a_script_that_sends_no_form_of_ours_is_told_so(server: &TestServer) {
    for (path, body, status) in [
        (
            "/api/sign_in",
            "email=a%40b.example&email=c%40d.example&password=x",
            400,
        ),
        ("/api/sign_in", "email[]=a%40b.example&password=x", 400),
        ("/api/nothing", "email=a%40b.example", 404),
    ] {
        let request = Request::new(Method::POST, path)
            .with_body("application/x-www-form-urlencoded", body.into())
            .with("accept", "application/json")
            .with("origin", &server.origin());
        let answer = server.visitor().exchange(request).await;
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
    }
}

async fn an_unknown_function_is_answered_with_a_page(server: &TestServer) {
    for path in ["/api/nothing", "/api/sign_in2", "/api/..%2f", "/api/"] {
        let answer = server.visitor().post(path, &[("locale", "en")]).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(answer.text().contains("<h1"), "{path}: {}", answer.text());
    }
}

async fn a_get_changes_nothing(server: &TestServer) {
    let mut manager = server.manager().await;
    for path in leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path) {
        let answer = manager.exchange(Request::new(Method::GET, path)).await;
        assert_eq!(answer.status, 405, "{path}");
    }
    let page = manager.open("/sign-out").await;
    assert_says(&page, "common", "sign_out");
    assert!(manager.is_in().await);
}
