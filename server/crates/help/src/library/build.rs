//! Builds the library in three passes: read every head, render every body, then check links across articles.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{Article, Category, Library};
use crate::Locale;
use crate::Settings;
use crate::date::Date;
use crate::embedded::Sources;
use crate::fault::{Fault, LoadError, What};
use crate::front_matter::{self, FrontMatter};
use crate::labels::Labels;
use crate::placeholder::Values;
use crate::render::{self, Reference, Rendered};
use crate::search::{Document, Index};

/// How many hexadecimal digits of the digest make a version.
const VERSION_DIGITS: usize = 12;

/// An article that is being built.
struct Draft<'a> {
    locale: Locale,
    slug: &'a str,
    source: &'a str,
    front: FrontMatter,
    updated: Date,
    rendered: Rendered,
}

pub(super) fn build(sources: &Sources<'_>, settings: &Settings) -> Result<Library, LoadError> {
    let mut faults = Vec::new();
    let labels = Labels::read(&sources.texts, &mut faults);
    check_callout_titles(&labels, &mut faults);
    let drafts = read_and_render(sources, settings, &labels, &mut faults);
    check_translations(&drafts, &mut faults);
    check_references(&drafts, &mut faults);
    let categories = categories(&drafts, &labels, &mut faults);
    if faults.is_empty() {
        let indexes = indexes(&drafts);
        let articles = drafts.iter().map(|draft| finish(draft, &drafts)).collect();
        Ok(Library {
            articles,
            categories,
            indexes,
        })
    } else {
        Err(LoadError { faults })
    }
}

fn fault(locale: Locale, slug: &str, what: What) -> Fault {
    let file = format!("locales/{}/help/{slug}.md", locale.as_str());
    Fault { file, what }
}

fn check_callout_titles(labels: &Labels, faults: &mut Vec<Fault>) {
    for locale in Locale::ALL {
        for kind in render::CALLOUT_KINDS {
            if let Err(what) = labels.text(locale, &render::callout_title_key(kind)) {
                let file = format!("locales/{}/help.json", locale.as_str());
                faults.push(Fault { file, what });
            }
        }
    }
}

fn read_and_render<'a>(
    sources: &Sources<'a>,
    settings: &Settings,
    labels: &Labels,
    faults: &mut Vec<Fault>,
) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for &(locale, slug, source) in &sources.articles {
        let values = Values {
            settings,
            labels,
            locale,
        };
        match read(locale, slug, source, values, sources) {
            Ok(draft) => {
                let found = draft.rendered.faults.iter().cloned();
                faults.extend(found.map(|what| fault(locale, slug, what)));
                drafts.push(draft);
            }
            Err(what) => faults.push(fault(locale, slug, what)),
        }
    }
    drafts
}

fn read<'a>(
    locale: Locale,
    slug: &'a str,
    source: &'a str,
    values: Values<'_>,
    sources: &Sources<'_>,
) -> Result<Draft<'a>, What> {
    let (mut front, updated, body) = front_matter::read(source)?;
    front.title = values.plain(&front.title)?;
    front.summary = values.plain(&front.summary)?;
    Ok(Draft {
        locale,
        slug,
        source,
        front,
        updated,
        rendered: render::render(body, values, &sources.images),
    })
}

/// The languages, other than its own, that an article exists in.
fn others<'a>(
    draft: &'a Draft<'_>,
    drafts: &'a [Draft<'_>],
) -> impl Iterator<Item = &'a Draft<'a>> {
    drafts
        .iter()
        .filter(|other| other.slug == draft.slug && other.locale != draft.locale)
}

/// Each article exists in both languages with the same sections, so that a link with `#section` survives a change
/// of language.
fn check_translations(drafts: &[Draft<'_>], faults: &mut Vec<Fault>) {
    let outline = |draft: &Draft<'_>| -> Vec<(u8, String)> {
        let headings = draft.rendered.headings.iter();
        headings.map(|h| (h.level, h.id.clone())).collect()
    };
    for draft in drafts {
        let Some(other) = others(draft, drafts).next() else {
            let missing = What::Untranslated(draft.locale.other());
            faults.push(fault(draft.locale, draft.slug, missing));
            continue;
        };
        if draft.locale != Locale::En && outline(draft) != outline(other) {
            faults.push(fault(draft.locale, draft.slug, What::OtherOutline));
        }
    }
}

fn check_references(drafts: &[Draft<'_>], faults: &mut Vec<Fault>) {
    for draft in drafts {
        for reference in &draft.rendered.references {
            if !leads_somewhere(reference, draft, drafts) {
                let slug = reference.slug.as_deref().unwrap_or_default();
                let section = reference.section.as_deref().unwrap_or_default();
                let dead = What::DeadLink(format!("{slug}#{section}"));
                faults.push(fault(draft.locale, draft.slug, dead));
            }
        }
    }
}

fn leads_somewhere(reference: &Reference, from: &Draft<'_>, drafts: &[Draft<'_>]) -> bool {
    let slug = reference.slug.as_deref().unwrap_or(from.slug);
    let target = drafts
        .iter()
        .find(|draft| draft.slug == slug && draft.locale == from.locale);
    target.is_some_and(|target| {
        reference.section.as_ref().is_none_or(|section| {
            let mut headings = target.rendered.headings.iter();
            headings.any(|heading| heading.id == *section)
        })
    })
}

/// The categories are those that articles name; their names are in `help.json`.
fn categories(drafts: &[Draft<'_>], labels: &Labels, faults: &mut Vec<Fault>) -> Vec<Category> {
    let mut members: HashMap<(Locale, &str), Vec<&Draft<'_>>> = HashMap::new();
    for draft in drafts {
        let key = (draft.locale, draft.front.category.as_str());
        members.entry(key).or_default().push(draft);
    }
    let mut categories = Vec::new();
    for ((locale, slug), mut articles) in members {
        articles.sort_by_key(|draft| (draft.front.order, draft.slug));
        let mut text = |part: &str| {
            let key = format!("help.category.{}.{part}", slug.replace('-', "_"));
            labels
                .text(locale, &key)
                .map(str::to_owned)
                .map_err(|what| {
                    let file = format!("locales/{}/help.json", locale.as_str());
                    faults.push(Fault { file, what });
                })
        };
        let (title, description) = (text("title"), text("description"));
        categories.push(Category {
            slug: slug.to_owned(),
            locale,
            title: title.unwrap_or_default(),
            description: description.unwrap_or_default(),
            articles: articles.iter().map(|draft| draft.slug.to_owned()).collect(),
        });
    }
    categories.sort_by(|a, b| a.title.cmp(&b.title));
    categories
}

fn indexes(drafts: &[Draft<'_>]) -> Vec<(Locale, Index)> {
    let index = |locale: Locale| {
        let own = drafts.iter().filter(|draft| draft.locale == locale);
        let documents = own.map(|draft| Document {
            slug: draft.slug.to_owned(),
            title: draft.front.title.clone(),
            summary: draft.front.summary.clone(),
            keywords: draft.front.keywords.join(" "),
            sections: draft.rendered.sections.clone(),
        });
        (locale, Index::new(locale, documents.collect()))
    };
    Locale::ALL.map(index).into()
}

fn finish(draft: &Draft<'_>, drafts: &[Draft<'_>]) -> Article {
    let mut version = HEXLOWER.encode(&Sha256::digest(draft.source.as_bytes()));
    version.truncate(VERSION_DIGITS);
    let headings = draft.rendered.headings.iter();
    Article {
        slug: draft.slug.to_owned(),
        locale: draft.locale,
        title: draft.front.title.clone(),
        summary: draft.front.summary.clone(),
        category: draft.front.category.clone(),
        html: draft.rendered.html.clone(),
        contents: headings.filter(|h| h.level < 4).cloned().collect(),
        updated: draft.updated,
        version,
        also_in: others(draft, drafts).map(|other| other.locale).collect(),
    }
}
