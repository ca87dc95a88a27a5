//! A browser without JavaScript: it keeps cookies, follows redirects within the site, and fills in
//! the forms that the server sent. A test can only type where there is a field, and only press
//! what is there.

use crate::{
    Form, Page,
    cookies::Jar,
    wire::{self, Reply, Request},
};
use http::Method;
use std::net::SocketAddr;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
/// No way through the site is longer than this.
const MAX_REDIRECTS: usize = 5;

/// One person's browser. A clone is the same browser with a copy of its cookies: good for doing
/// several things at the same moment.
#[derive(Debug, Clone)]
pub struct Browser {
    address: SocketAddr,
    origin: String,
    /// Its cookies.
    pub jar: Jar,
    /// What it says of itself in every request, beside `Accept`: a test may change it.
    pub says: Vec<(String, String)>,
}

impl Browser {
    /// A fresh browser. `origin` is what it believes to be talking to, whatever the socket is.
    pub fn new(address: SocketAddr, origin: &str) -> Self {
        let says = [
            ("user-agent", FIREFOX),
            ("accept-language", "en-GB,en;q=0.9"),
        ];
        let says = says
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        Self {
            address,
            origin: origin.to_owned(),
            jar: Jar::default(),
            says,
        }
    }

    /// The same with another header in every request, in place of one of the same name.
    #[must_use]
    pub fn saying(mut self, name: &str, value: &str) -> Self {
        self.says.retain(|(known, _)| known != name);
        self.says.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same browser at the door of another server of the same site.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            address,
            ..self.clone()
        }
    }

    /// Types an address, without the origin.
    pub async fn open(&mut self, path: &str) -> Page {
        let request = Request::new(Method::GET, path).with("sec-fetch-site", "none");
        self.travel(request).await
    }

    /// Follows a link of the page that is shown.
    pub async fn follow(&mut self, page: &Page, text: &str) -> Page {
        let href = page
            .link(text)
            .unwrap_or_else(|| panic!("no link “{text}” in: {}", page.text()));
        let path = href.strip_prefix(&self.origin).unwrap_or(&href).to_owned();
        let request = Request::new(Method::GET, &path).with("sec-fetch-site", "same-origin");
        self.travel(request).await
    }

    /// Sends a form and goes where the answer leads.
    pub async fn submit(&mut self, form: Form) -> Page {
        let request = self.form_request(&form);
        self.travel(request).await
    }

    /// Sends a form and shows the bare answer.
    pub async fn send(&mut self, form: Form) -> Reply {
        let request = self.form_request(&form);
        self.exchange(request).await
    }

    /// Posts fields that no form was filled in for; the bare answer.
    pub async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self.post_request(action, fields);
        self.exchange(request).await
    }

    /// The same; goes where the answer leads.
    pub async fn post_and_follow(&mut self, action: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.post_request(action, fields);
        self.travel(request).await
    }

    /// Sends any request with this browser's cookies; the bare answer.
    pub async fn exchange(&mut self, mut request: Request) -> Reply {
        let (_, host) = self
            .origin
            .split_once("://")
            .expect("an origin has a scheme");
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        headers.extend(self.says.clone());
        if !request.headers.iter().any(|(name, _)| name == "accept") {
            headers.push((
                "accept".to_owned(),
                "text/html,application/xhtml+xml".to_owned(),
            ));
        }
        headers.extend(
            self.jar
                .header()
                .map(|cookies| ("cookie".to_owned(), cookies)),
        );
        headers.retain(|(name, _)| !request.headers.iter().any(|(own, _)| own == name));
        headers.append(&mut request.headers);
        request.headers = headers;
        let reply = wire::send(self.address, &request).await;
        let https = self.origin.starts_with("https:");
        for cookie in reply.set_cookies() {
            self.jar.take(cookie, https);
        }
        reply
    }

    /// Sends a request and follows redirects, which a browser does with GET and the same cookies.
    pub async fn travel(&mut self, request: Request) -> Page {
        let mut url = request.target.clone();
        // Whoever set out from the address bar stays a stranger on the way.
        let from = request
            .headers
            .iter()
            .find(|(name, _)| name == "sec-fetch-site")
            .cloned();
        let mut reply = self.exchange(request).await;
        for _ in 0..MAX_REDIRECTS {
            if !reply.status.is_redirection() {
                return Page::new(url, reply);
            }
            let location = reply.header("location").to_owned();
            assert!(
                location.starts_with('/') && !location.starts_with("//"),
                "leads away: {location}"
            );
            url = location.split('#').next().unwrap_or_default().to_owned();
            let mut next = Request::new(Method::GET, &url);
            next.headers.extend(from.clone());
            reply = self.exchange(next).await;
        }
        panic!("redirects without end at {url}")
    }

    fn form_request(&self, form: &Form) -> Request {
        let (action, fields) = form.filled_in();
        let pairs = fields.iter();
        let fields: Vec<(&str, &str)> = pairs.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post_request(&action, &fields)
    }

    fn post_request(&self, action: &str, fields: &[(&str, &str)]) -> Request {
        Request::new(Method::POST, action)
            .with_form(fields)
            .with("sec-fetch-site", "same-origin")
            .with("origin", &self.origin)
    }
}
