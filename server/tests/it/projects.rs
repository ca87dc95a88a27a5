//! What anybody reads at the door of a project: what it is about, and the help, from which a way
//! leads back.

use crate::support::{
    TestServer, once,
    words::{self, assert_says},
};
use app::{locale, paths};
use contract::Locale;
use domain::{
    OrganisationId,
    organisation_text::{OwnText, TextKind},
};
use http::Method;
use identity::DrawnLogo;
use store::{Organisation, Project};
use testkit::{Page, wire::Request};

once! {
    a_project_says_what_it_is_about,
    the_colour_of_an_organisation_is_on_its_pages_alone,
    the_logo_of_an_organisation_is_on_its_pages_alone,
    an_organisation_writes_its_own_welcome_and_privacy_notice,
    a_project_about_which_nothing_was_written_is_a_page_all_the_same,
    what_an_organisation_writes_about_a_project_is_text,
    whoever_reads_the_help_from_a_project_finds_the_way_back,
    a_vote_in_the_help_of_a_project_stays_there,
    search_engines_know_one_help,
    a_manager_sees_a_project_as_a_visitor_and_finds_the_way_back,
    each_sign_in_page_says_where_the_others_sign_in,
    there_is_no_help_at_a_door_that_does_not_exist,
    an_address_shortened_by_hand_leads_to_the_organisation,
}

const QUAY: &str = "/p/bellerive/quay";

fn address(language: Locale, path: &str) -> String {
    locale::href(language, &format!("{QUAY}{path}"))
}

/// What a page tells search engines in one of its elements without content.
fn values(page: &Page, css: &str, attribute: &str) -> Vec<String> {
    let found = page.all(css);
    let values = found.iter().filter_map(|one| one.attribute(attribute));
    values.map(str::to_owned).collect()
}

async fn the_colour_of_an_organisation_is_on_its_pages_alone(server: &TestServer) {
    server.platform("bellerive").await;
    server.platform("montclair").await;
    let identity = server.identity();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let wanted = Organisation {
        colour: Some("#7a1f5c".to_owned()),
        ..found.unwrap().unwrap()
    };
    assert!(identity.set_organisation_look(&wanted).await.unwrap());
    let sheet = "/assets/colour-7a1f5c.css";
    for (path, has) in [
        (QUAY, true),
        ("/p/bellerive/quay/sign-in", true),
        ("/p/montclair/quay", false),
        ("/sign-in", false),
    ] {
        let page = server.visitor().open(path).await;
        let sheets = values(&page, "link[rel=stylesheet]", "href");
        assert_eq!(sheets.iter().any(|href| href == sheet), has, "{path}");
    }
    let css = server.visitor().open(sheet).await;
    assert_eq!(css.status, 200);
    assert!(css.html.contains("--action:#7a1f5c"), "{}", css.html);
    for odd in ["/assets/colour-7a1f5.css", "/assets/colour-x;a1f5c.css"] {
        assert_eq!(server.visitor().open(odd).await.status, 404);
    }
}

/// Red when a logo is on other pages, is not cached, or stays after it was removed.
async fn the_logo_of_an_organisation_is_on_its_pages_alone(server: &TestServer) {
    server.platform("bellerive").await;
    server.platform("montclair").await;
    let identity = server.identity();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let id = found.unwrap().unwrap().id;
    let (red, blue) = (logo([200, 30, 30]), logo([30, 30, 200]));
    assert!(identity.set_logo(&id, Some(&red)).await.unwrap());
    assert!(!identity.set_logo(&id, Some(&red)).await.unwrap());
    let page = server.visitor().open(QUAY).await;
    let [first] = &values(&page, ".logo", "src")[..] else {
        panic!("{}", page.html);
    };
    assert_eq!(values(&page, ".logo", "width"), ["12"]);
    assert_eq!(values(&page, ".logo", "height"), ["4"]);
    for path in ["/p/montclair/quay", "/sign-in"] {
        let page = server.visitor().open(path).await;
        assert_eq!(values(&page, ".logo", "src"), [""; 0], "{path}");
    }
    let file = server
        .visitor()
        .exchange(Request::new(Method::GET, first))
        .await;
    assert_eq!(file.header("content-type"), "image/png");
    assert!(file.header("cache-control").contains("immutable"));
    assert!(identity.set_logo(&id, Some(&blue)).await.unwrap());
    let page = server.visitor().open(QUAY).await;
    assert_ne!(values(&page, ".logo", "src")[0], *first);
    assert_eq!(server.visitor().open(first).await.status, 404);
    assert!(identity.set_logo(&id, None).await.unwrap());
    let page = server.visitor().open(QUAY).await;
    assert_eq!(values(&page, ".logo", "src"), [""; 0]);
}

/// A logo of one colour, 12 by 4 pixels.
fn logo(colour: [u8; 3]) -> DrawnLogo {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 12, 4);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&colour.repeat(12 * 4)).unwrap();
    writer.finish().unwrap();
    DrawnLogo::of_png(&file).unwrap()
}

/// Red when a reader gets the wrong language although the right one is there, or a text of another language unmarked.
async fn an_organisation_writes_its_own_welcome_and_privacy_notice(server: &TestServer) {
    server.platform("bellerive").await;
    let identity = server.identity();
    let found = identity.store.organisation_by_slug("bellerive").await;
    let id = found.unwrap().unwrap().id;
    let set = async |kind, locale, text: &str| {
        let text = OwnText::parse(kind, text).unwrap();
        let set = identity.set_organisation_text(&id, locale, &text);
        set.await.unwrap();
    };
    let privacy = |language| locale::href(language, "/p/bellerive/privacy");
    let register = |language| address(language, paths::REGISTER);
    // What holds for every organisation.
    for language in [Locale::En, Locale::Fr] {
        let page = server.visitor().open(&privacy(language)).await;
        assert_says(&page, "platform", "privacy_unconfirmed");
        let page = server.visitor().open(&register(language)).await;
        assert!(values(&page, "main a", "href").contains(&privacy(language)));
    }
    set(TextKind::Privacy, Locale::Fr, "Un délégué.\n\nUne adresse.").await;
    set(TextKind::Welcome, Locale::Fr, "Bienvenue au quai.").await;
    for (language, path) in [
        (Locale::En, privacy(Locale::En)),
        (Locale::Fr, privacy(Locale::Fr)),
    ] {
        let page = server.visitor().open(&path).await;
        let texts: Vec<_> = page
            .all(".prose [lang=fr] p")
            .into_iter()
            .map(|p| p.text)
            .collect();
        assert_eq!(texts, ["Un délégué.", "Une adresse."], "{language:?}");
    }
    set(TextKind::Privacy, Locale::En, "An officer.").await;
    let page = server.visitor().open(&privacy(Locale::En)).await;
    assert_eq!(page.all(".prose [lang=en] p")[0].text, "An officer.");
    let page = server.visitor().open(&register(Locale::Fr)).await;
    assert!(page.text().contains("Bienvenue au quai."));
    set(TextKind::Welcome, Locale::Fr, "  ").await;
    let page = server.visitor().open(&register(Locale::Fr)).await;
    assert!(!page.text().contains("Bienvenue"));
}

/// Red when the page shows one language's text in the other, or forgets a paragraph.
async fn a_project_says_what_it_is_about(server: &TestServer) {
    server.platform("bellerive").await;
    for (language, about, until) in [
        (Locale::En, "What The quay is about.", "Until spring."),
        (Locale::Fr, "De quoi parle Le quai.", "Jusqu’au printemps."),
    ] {
        let page = server.visitor().open(&address(language, "")).await;
        assert!(
            page.html.contains(&format!("<p>{about}</p>")),
            "{}",
            page.html
        );
        assert!(
            page.html.contains(&format!("<p>{until}</p>")),
            "{}",
            page.html
        );
        let summary = values(&page, "meta[name=description]", "content");
        assert_eq!(summary, [about]);
    }
}

/// Red when the name and the menu are gone and nothing says why, or a stranger is told the same.
async fn a_manager_sees_a_project_as_a_visitor_and_finds_the_way_back(server: &TestServer) {
    server.platform("bellerive").await;
    let mut manager = server.manager().await;
    for path in ["", "/sign-in", "/help"] {
        for language in [Locale::En, Locale::Fr] {
            let page = manager.open(&address(language, path)).await;
            assert_says(&page, "common", "visitor");
            let back = page.first("aside.banner a");
            let back = back.attribute("href").map(str::to_owned);
            assert_eq!(back, Some(locale::href(language, paths::BACK_OFFICE)));
        }
    }
    assert!(
        manager
            .open(paths::BACK_OFFICE)
            .await
            .all("aside.banner")
            .is_empty()
    );
    let participant = server.participant("bellerive").await;
    let strangers = server.visitor().open(QUAY).await;
    let own = server
        .visitor()
        .sign_in(&participant)
        .await
        .open(QUAY)
        .await;
    // A session that is over makes nobody a visitor.
    let after = manager.sign_out().await.open(QUAY).await;
    for page in [strangers, own, after] {
        assert!(page.all("aside.banner").is_empty(), "{}", page.text());
    }
}

/// Red when somebody who stands at the wrong door reads only that something is incorrect.
async fn each_sign_in_page_says_where_the_others_sign_in(server: &TestServer) {
    server.platform("bellerive").await;
    for language in [Locale::En, Locale::Fr] {
        let page = locale::href(language, paths::SIGN_IN);
        let page = server.visitor().open(&page).await;
        let said = words::text(language, "sign_in", "elsewhere_participants");
        assert!(page.html.contains(&said), "{}", page.html);
        let page = server.visitor().open(&address(language, "/sign-in")).await;
        let said = words::text(language, "sign_in", "elsewhere_managers");
        assert!(page.html.contains(&said), "{}", page.html);
        let links: Vec<String> = page.links().into_iter().map(|(_, href)| href).collect();
        let there = locale::href(language, paths::SIGN_IN);
        let register = address(language, paths::REGISTER);
        assert!(
            links.contains(&there) && links.contains(&register),
            "{links:?}"
        );
    }
}

async fn with_description(server: &TestServer, slug: &str, description: &str) {
    let organisation = server
        .identity()
        .store
        .organisation_by_slug("bellerive")
        .await;
    let organisation_id: OrganisationId = organisation.unwrap().unwrap().id;
    let project = Project {
        id: format!("project-{slug}").into(),
        organisation_id,
        slug: slug.to_owned().into(),
        name_en: "The lock".to_owned(),
        name_fr: "L’écluse".to_owned(),
        description_en: description.to_owned(),
        description_fr: String::new(),
        takes_registrations: true,
        takes_sign_ins: true,
        is_private: false,
    };
    let mut tx = server.identity().store.begin().await.unwrap();
    tx.insert_project(&project).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_project_about_which_nothing_was_written_is_a_page_all_the_same(server: &TestServer) {
    server.platform("bellerive").await;
    with_description(server, "lock", " \n\n ").await;
    let page = server.visitor().open("/p/bellerive/lock").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.heading(), "The lock");
    assert!(!page.html.contains("class=\"prose\""));
    let summary = values(&page, "meta[name=description]", "content");
    assert_eq!(summary, ["A project of Town of bellerive."]);
}

/// Red when a description reaches the page as markup.
async fn what_an_organisation_writes_about_a_project_is_text(server: &TestServer) {
    server.platform("bellerive").await;
    with_description(server, "weir", "<b>No</b> <script>alert(1)</script>").await;
    let page = server.visitor().open("/p/bellerive/weir").await;
    assert!(page.text().contains("<b>No</b> <script>alert(1)</script>"));
    assert!(!page.html.contains("<script>alert"));
}

/// Red when a page of the help, or one of its links, forgets the door that it was opened from.
async fn whoever_reads_the_help_from_a_project_finds_the_way_back(server: &TestServer) {
    server.platform("bellerive").await;
    for (language, project) in [(Locale::En, "The quay"), (Locale::Fr, "Le quai")] {
        let mut visitor = server.visitor();
        let page = visitor.open(&address(language, "")).await;
        let help = page.link(&words::text(language, "common", "help"));
        assert_eq!(help, Some(address(language, paths::HELP)));
        for path in [
            paths::HELP.to_owned(),
            format!("{}?q=code", paths::HELP_SEARCH),
            paths::category("general-support"),
            paths::article("troubles-or-issues-with-signing-in"),
            paths::article("two-factor-authentication-2fa"),
            paths::article("change-your-details"),
        ] {
            let page = visitor.open(&address(language, &path)).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.link(project), Some(address(language, "")), "{path}");
            for (words, href) in page.links() {
                let (_, plain) = locale::split(&href);
                assert!(!plain.starts_with(paths::HELP), "{path}: {words} → {href}");
                // A citizen has no account in the back office, where these would lead.
                assert!(
                    !plain.starts_with(paths::SETTINGS),
                    "{path}: {words} → {href}"
                );
            }
        }
        let page = visitor.open(&address(language, paths::HELP)).await;
        assert!(page.has_form(&address(language, paths::HELP_SEARCH)));
    }
    // Whoever comes from nowhere is led nowhere.
    let page = server.visitor().open(paths::HELP).await;
    assert_eq!(page.link("The quay"), None);
}

async fn a_vote_in_the_help_of_a_project_stays_there(server: &TestServer) {
    let person = server.participant("bellerive").await;
    let path = address(Locale::En, &paths::article("add-a-new-user"));
    for mut visitor in [
        server.visitor(),
        server.visitor().sign_in(&person).await.outside(),
    ] {
        let page = visitor.open(&path).await;
        let yes = words::feedback(Locale::En, "yes");
        let page = visitor
            .submit(page.form("/api/send_vote").press(&yes))
            .await;
        assert_eq!(page.url, path);
        let comment = page.form("/api/send_comment").fill("comment", "Clear.");
        let page = visitor.submit(comment).await;
        assert_eq!(page.url, path);
        assert!(page.text().contains(&words::feedback(Locale::En, "thanks")));
    }
}

async fn search_engines_know_one_help(server: &TestServer) {
    server.platform("bellerive").await;
    let article = paths::article("add-a-new-user");
    for language in [Locale::En, Locale::Fr] {
        let page = server.visitor().open(&address(language, &article)).await;
        let canonical = values(&page, "link[rel=canonical]", "href");
        assert_eq!(canonical, [locale::href(language, &article)]);
        assert!(values(&page, "link[rel=alternate]", "href").is_empty());
        let page = server
            .visitor()
            .open(&locale::href(language, &article))
            .await;
        assert!(values(&page, "link[rel=canonical]", "href").is_empty());
        assert_eq!(values(&page, "link[rel=alternate]", "href").len(), 2);
    }
}

async fn there_is_no_help_at_a_door_that_does_not_exist(server: &TestServer) {
    server.platform("bellerive").await;
    for path in [
        "/p/bellerive/nowhere/help",
        "/p/nowhere/quay/help/article/add-a-new-user",
        "/p/bellerive/quay/help/article/nowhere",
        "/p/bellerive/help",
    ] {
        assert_eq!(server.visitor().open(path).await.status, 404, "{path}");
    }
}

/// Red when an organisation has no page of its own, or leaves one of its projects out.
async fn an_address_shortened_by_hand_leads_to_the_organisation(server: &TestServer) {
    server.platform("bellerive").await;
    for (language, projects) in [
        (Locale::En, ["The mill", "The quay"]),
        (Locale::Fr, ["Le moulin", "Le quai"]),
    ] {
        let path = locale::href(language, "/p/bellerive");
        let page = server.visitor().open(&path).await;
        assert_eq!(page.status, 200);
        for (name, slug) in projects.into_iter().zip(["mill", "quay"]) {
            let project = locale::href(language, &format!("/p/bellerive/{slug}"));
            assert_eq!(page.link(name), Some(project));
        }
    }
    for path in ["/p/nowhere", "/p"] {
        assert_eq!(server.visitor().open(path).await.status, 404, "{path}");
    }
}
