//! Styles and scripts, by addresses that change with what they hold: browsers keep them for good.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// A file that pages name.
pub struct Asset {
    path: String,
    media: &'static str,
    pub text: String,
}

impl Asset {
    fn new(name: &str, media: &'static str, text: String) -> Asset {
        let hash = tiaoji_store::sha256(text.as_bytes());
        let (stem, end) = name.split_once('.').unwrap_or((name, ""));
        Asset { path: format!("/assets/{stem}-{}.{end}", &hash[..12]), media, text }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    fn answer(&self) -> Response {
        let head = [(CONTENT_TYPE, self.media), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
        (head, self.text.clone()).into_response()
    }
}

/// The styles of reports and of pages.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text =
        [tiaoji_formats::pictures::STYLE, tiaoji_formats::PAGE_STYLE, include_str!("assets/style.css")];
    Asset::new("style.css", "text/css; charset=utf-8", text.concat())
});

/// The scripts.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    // one file, each script in a scope of its own
    let scripts = [
        include_str!("assets/forms.js"),
        include_str!("assets/live.js"),
        include_str!("assets/import.js"),
        include_str!("assets/calendar.js"),
    ];
    let text: String = scripts.map(|script| format!("(() => {{\n{script}}})();\n")).concat();
    Asset::new("page.js", "text/javascript; charset=utf-8", text)
});

pub async fn style() -> Response {
    STYLE.answer()
}

pub async fn script() -> Response {
    SCRIPT.answer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small() {
        let shipped = STYLE.text.len() + SCRIPT.text.len();
        assert!(shipped <= 60_000, "{shipped} bytes of styles and scripts");
    }
}
