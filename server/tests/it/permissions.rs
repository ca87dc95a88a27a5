//! The table of permissions, cell by cell: every role at every page and every function, and the page
//! of the docs that is generated from it.

use crate::support::{TestServer, once};
use app::{
    paths,
    routes::{Access, ROUTES},
};
use domain::{
    Clock as _, Locale, PlatformRole,
    permission::{Action, Role, Target, allows},
};
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use server::handlers::access::needed;
use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};
use testkit::{Browser, wire::Request};

once! {
    every_page_opens_for_the_roles_of_the_table,
    every_function_answers_the_roles_of_the_table,
    a_manager_sees_her_own_organisations_only,
}

/// What each function does. Those that end something come last.
const FUNCTIONS: [(&str, Action); 49] = [
    ("sign_in", Action::SignIn),
    ("register", Action::SignIn),
    ("send_confirmation", Action::SignIn),
    ("correct_registration", Action::SignIn),
    ("confirm_by_code", Action::SignIn),
    ("give_code", Action::SignIn),
    ("forgot_password", Action::SignIn),
    ("give_reset_code", Action::SignIn),
    ("judge_password", Action::SignIn),
    ("accept_invitation", Action::UseMailedLink),
    ("renew_invitation", Action::UseMailedLink),
    ("accept_invitation_with", Action::UseMailedLink),
    ("reset_password", Action::UseMailedLink),
    ("say_not_me", Action::UseMailedLink),
    ("confirm_address", Action::UseMailedLink),
    ("deny_registration", Action::UseMailedLink),
    ("renew_confirmation", Action::UseMailedLink),
    ("confirm_email", Action::UseMailedLink),
    ("undo_email", Action::UseMailedLink),
    ("stop_deletion", Action::UseMailedLink),
    ("play_mail", Action::ReadDemo),
    ("send_vote", Action::SendFeedback),
    ("send_comment", Action::SendFeedback),
    ("support_proposal", Action::TakePart),
    ("withdraw_support", Action::TakePart),
    ("link_provider", Action::LinkProvider),
    ("unlink_provider", Action::LinkProvider),
    ("change_name", Action::UseAccount),
    ("change_mail_language", Action::UseAccount),
    ("ask_for_email", Action::UseAccount),
    ("withdraw_email", Action::UseAccount),
    ("change_password", Action::UseAccount),
    ("begin_two_factor", Action::UseAccount),
    ("enable_two_factor", Action::UseAccount),
    ("cancel_two_factor", Action::UseAccount),
    ("disable_two_factor", Action::UseAccount),
    ("renew_recovery_codes", Action::UseAccount),
    ("download_recovery_codes", Action::UseAccount),
    ("recovery_codes_saved", Action::UseAccount),
    ("keep_session", Action::UseAccount),
    ("end_session", Action::UseAccount),
    ("forget_device", Action::UseAccount),
    ("prove_for_sessions", Action::UseAccount),
    ("end_other_sessions", Action::UseAccount),
    ("show_data", Action::UseAccount),
    ("download_data", Action::UseAccount),
    ("delete_account", Action::UseAccount),
    ("keep_account", Action::UseAccount),
    ("sign_out", Action::SignIn),
];

/// A browser, and what it is worth at a tenant.
struct Caller {
    name: &'static str,
    email: Option<String>,
    role: Role,
    /// The organisation of a participant.
    organisation: Option<&'static str>,
    browser: Browser,
}

impl Caller {
    /// The role at the back office, or at an organisation.
    fn role_at(&self, organisation: Option<&str>) -> Role {
        if self.organisation == organisation {
            self.role
        } else {
            Role::Visitor
        }
    }
}

/// One caller of each role that a browser can have; half a sign-in is a visitor.
async fn callers(server: &TestServer) -> Vec<Caller> {
    let mut callers = Vec::new();
    let mut add = |name, role, organisation, (email, browser)| {
        callers.push(Caller {
            name,
            email,
            role,
            organisation,
            browser,
        });
    };
    let nobody = (None, (*server.visitor()).clone());
    add("visitor", Role::Visitor, None, nobody);
    for organisation in ["bellerive", "montclair"] {
        let citizen = server.participant(organisation).await;
        let browser = (*server.visitor().sign_in(&citizen).await).clone();
        let found = (Some(citizen.email), browser);
        add("participant", Role::Participant, Some(organisation), found);
    }
    let half = server.secure(server.participant("bellerive").await).await;
    for (person, organisation) in [(half, Some("bellerive")), (server.secured().await, None)] {
        let mut visitor = server.visitor();
        visitor.begin(&person).await;
        let found = (Some(person.email), (*visitor).clone());
        add("half a sign-in", Role::Visitor, organisation, found);
    }
    for (name, role, platform, in_organisation) in [
        (
            "content manager",
            Role::ContentManager,
            None,
            Some(domain::Role::ContentManager),
        ),
        (
            "organisation manager",
            Role::OrganisationManager,
            None,
            Some(domain::Role::OrganisationManager),
        ),
        ("agent", Role::Agent, Some(PlatformRole::Agent), None),
        (
            "administrator",
            Role::Administrator,
            Some(PlatformRole::Administrator),
            None,
        ),
    ] {
        let person = server.person_with(Locale::En, platform).await;
        if let Some(role) = in_organisation {
            join(server, &person.id, role).await;
        }
        let browser = (*server.visitor().sign_in(&person).await).clone();
        add(name, role, None, (Some(person.email), browser));
    }
    callers
}

/// Makes an account a member of Bellerive.
pub async fn join(server: &TestServer, account: &domain::AccountId, role: domain::Role) {
    let store = &server.identity().store;
    let organisation = store.organisation_by_slug("bellerive").await.unwrap();
    let organisation = organisation.unwrap().id;
    let mut tx = store.begin().await.unwrap();
    tx.insert_membership(account, &organisation, role, server.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Red when a page asks for less than the table says, or for more (`handlers::access`).
async fn every_page_opens_for_the_roles_of_the_table(server: &TestServer) {
    let callers = callers(server).await;
    let mut cells = 0;
    for route in ROUTES {
        let path = route.path.replace("{organisation}", "bellerive");
        let path = path.replace("{project}", "quay");
        let organisation = path.starts_with(paths::PLATFORM).then_some("bellerive");
        let (action, target) = needed(route.access);
        for caller in &callers {
            let request = Request::new(Method::GET, &path);
            let answer = caller.browser.clone().exchange(request).await;
            let role = caller.role_at(organisation);
            let what = format!("{} at {path}: {}", caller.name, answer.status);
            if !allows(role, action, target) {
                let refused = if role == Role::Visitor { 303 } else { 403 };
                assert_eq!(answer.status, refused, "{what}");
            } else if matches!(route.access, Access::Public | Access::Demo) {
                assert_ne!(answer.status, 403, "{what}");
                assert!(!answer.header("location").contains("next="), "{what}");
            } else {
                // No provider is set up here, whose page could be shown.
                let shown = if path.contains("{provider}") {
                    404
                } else {
                    200
                };
                assert_eq!(answer.status, shown, "{what}");
            }
            cells += 1;
        }
    }
    assert!(cells >= ROUTES.len() * callers.len());
}

/// Red when a port forgets to ask the table.
async fn every_function_answers_the_roles_of_the_table(server: &TestServer) {
    let mut callers = callers(server).await;
    let all: BTreeSet<&str> = server_fn_paths().map(|(path, _)| path).collect();
    let known = functions().map(|(path, _)| path);
    let known: BTreeSet<String> = known.collect();
    assert!(known.iter().map(String::as_str).eq(all), "{known:?}");
    for (path, action) in functions() {
        for caller in &mut callers {
            for organisation in [None, Some("bellerive")] {
                let door = organisation.map_or_else(String::new, |name| format!("{name}/quay"));
                let fields = [
                    ("door", door.as_str()),
                    ("provider", "google"),
                    ("locale", "en"),
                ];
                let request = Request::new(Method::POST, &path).with_form(&fields);
                let request = request.with("accept", "application/json");
                let status = caller.browser.exchange(request).await.status.as_u16();
                let role = caller.role_at(organisation);
                let what = format!("{} calls {path} at {door:?}: {status}", caller.name);
                match (allows(role, action, target(action)), role) {
                    (true, _) => assert!(![401, 403].contains(&status), "{what}"),
                    (false, Role::Visitor) => assert_eq!(status, 401, "{what}"),
                    (false, _) => assert_eq!(status, 403, "{what}"),
                }
            }
        }
    }
    for email in callers.iter().filter_map(|caller| caller.email.as_ref()) {
        server.ignore_mail_to(email).await;
    }
}

/// Red when the back office shows an organisation to somebody who does not manage it.
async fn a_manager_sees_her_own_organisations_only(server: &TestServer) {
    for caller in callers(server).await {
        let mut browser = caller.browser.clone();
        let page = browser.open(paths::BACK_OFFICE).await;
        let sees = |name: &str| page.url == paths::BACK_OFFICE && page.text().contains(name);
        let role = caller.role_at(None);
        let own = allows(role, Action::SeeOrganisation, Target::OwnOrganisation);
        assert_eq!(sees("Town of bellerive"), own, "{}", caller.name);
        assert!(!sees("Town of montclair"), "{}", caller.name);
    }
}

fn functions() -> impl Iterator<Item = (String, Action)> {
    FUNCTIONS
        .into_iter()
        .map(|(name, action)| (format!("/api/{name}"), action))
}

/// What an action is done to: every action has one target so far.
fn target(action: Action) -> Target {
    let has = |target: &Target| Role::ALL.iter().any(|role| allows(*role, action, *target));
    let targets: Vec<Target> = Target::ALL.into_iter().filter(has).collect();
    assert_eq!(targets.len(), 1, "{action:?}");
    targets[0]
}

fn words(action: Action) -> &'static str {
    match action {
        Action::ReadPublicPages => {
            "read the front page, the help, and pages of organisations and projects"
        }
        Action::SignIn => "register, sign in and out, ask for a password reset",
        Action::UseMailedLink => "do what a mailed link is for",
        Action::SendFeedback => "say whether an article helped",
        Action::ReadDemo => "read the mailbox and the building blocks of a demo",
        Action::UseAccount => {
            "read and change details, password, second factor, sessions, data; delete"
        }
        Action::TakePart => "support proposals of the projects of the own organisation",
        Action::LinkProvider => "link and unlink Google or Microsoft",
        Action::OpenBackOffice => "open the back office",
        Action::SeeOrganisation => "see an organisation and its projects in the back office",
        Action::ReadFeedback => "read what readers say about articles",
        Action::AdministerAccounts => {
            "create, list, lock and unlock accounts, reset a second factor"
        }
        Action::AdministerOrganisations => "create organisations, set their policies",
        Action::VerifyActivityLog => "verify the activity log",
        Action::RunJobs => "send mails, delete what is due, sweep",
    }
}

const fn of_target(target: Target) -> &'static str {
    match target {
        Target::Site => "the site",
        Target::OwnAccount => "own account",
        Target::OtherAccount => "any account",
        Target::OwnOrganisation => "own organisation",
        Target::OtherOrganisation => "any organisation",
        Target::Platform => "the platform",
    }
}

const fn of_role(role: Role) -> &'static str {
    match role {
        Role::Visitor => "visitor",
        Role::Participant => "participant",
        Role::ContentManager => "content manager",
        Role::OrganisationManager => "organisation manager",
        Role::Agent => "agent",
        Role::Administrator => "administrator",
        Role::CommandLine => "command line",
        Role::System => "system",
    }
}

/// The tables of the docs, line by line.
fn written() -> String {
    let roles = Role::ALL.map(of_role).join(" | ");
    let mut text = format!("| action | on | {roles} |\n|---|---{}|\n", "|:-:".repeat(8));
    for action in Action::ALL {
        let target = target(action);
        let may = Role::ALL.map(|role| {
            if allows(role, action, target) {
                "✓"
            } else {
                " "
            }
        });
        let (words, on) = (words(action), of_target(target));
        let _ = writeln!(text, "| {words} | {on} | {} |", may.join(" | "));
    }
    text.push_str("\n| action | pages | functions |\n|---|---|---|\n");
    for action in Action::ALL {
        let pages = ROUTES
            .iter()
            .filter(|route| needed(route.access).0 == action);
        let pages: Vec<_> = pages.map(|route| format!("`{}`", route.path)).collect();
        let own = FUNCTIONS.iter().filter(|(_, own)| *own == action);
        let own: Vec<_> = own.map(|(name, _)| format!("`{name}`")).collect();
        if !(pages.is_empty() && own.is_empty()) {
            let (words, pages) = (words(action), pages.join(", "));
            let _ = writeln!(text, "| {words} | {pages} | {} |", own.join(", "));
        }
    }
    text
}

/// Red when `docs/permissions.md` says another thing than the program does. With `BPART_WRITE_DOCS`
/// set the page is written instead.
#[test]
fn the_docs_say_who_may_do_what() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/permissions.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- the table -->\n").unwrap();
    let (table, tail) = rest.split_once("<!-- its end -->\n").unwrap();
    if env::var_os("BPART_WRITE_DOCS").is_some() {
        let page = format!(
            "{head}<!-- the table -->\n{}<!-- its end -->\n{tail}",
            written()
        );
        fs::write(path, page).unwrap();
    } else {
        assert_eq!(table, written());
    }
}
