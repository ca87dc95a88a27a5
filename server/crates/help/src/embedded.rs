//! The sources of an article: Markdown, interface texts and the sizes of illustrations.
//!
//! [`Sources::embedded`] returns the embedded files; a test passes its own.

use crate::Locale;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Everything that [`Library::from_sources`](crate::Library::from_sources) reads.
#[derive(Debug, Clone, Default)]
pub struct Sources<'a> {
    /// The articles: language, slug (the file's name) and content.
    pub articles: Vec<(Locale, &'a str, &'a str)>,
    /// The interface texts: language, namespace (the file's name) and JSON.
    pub texts: Vec<(Locale, &'a str, &'a str)>,
    /// The illustrations: address, width and height.
    pub images: Vec<(&'a str, u32, u32)>,
}

impl Sources<'static> {
    /// The files of this repository at the time of the build.
    pub fn embedded() -> Self {
        Self {
            articles: ARTICLES.to_vec(),
            texts: TEXTS.to_vec(),
            images: IMAGES.to_vec(),
        }
    }
}
