//! Which language a caller reads.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use tiaoji_formats::messages::Language;

/// The language that `Accept-Language` likes best; English where it names neither, or there is none.
pub fn of(headers: &HeaderMap) -> Language {
    let wanted = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0.0, Language::En);
    for range in wanted.flat_map(|value| value.split(',')) {
        let (tag, weight) = weighted(range);
        let primary = tag.split('-').next().unwrap_or_default();
        let language = match primary.to_ascii_lowercase().as_str() {
            "en" => Language::En,
            "zh" => Language::Zh,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// The language as a header names it.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    }
}

/// An element of an `Accept…` header and its weight (RFC 9110, 12.4.2): 1 where it has none, 0 where that is unreadable.
pub fn weighted(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = weight.map_or(Some(1.0), |q| q.parse().ok().filter(|q| (0.0..=1.0).contains(q)));
    (name, weight.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn languages() {
        let check = |header: &'static str, expect| {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(header))]);
            assert_eq!(of(&headers), expect, "{header}");
        };
        check("zh", Language::Zh);
        check("zh-CN,zh;q=0.9,en;q=0.8", Language::Zh);
        check("ZH-Hans", Language::Zh);
        check("en;q=0.5, zh;q=0.6", Language::Zh);
        check("en, zh", Language::En);
        check("fr, zh;q=0", Language::En);
        check("de", Language::En);
        check("*", Language::En);
        check(";;q=,", Language::En);
        assert_eq!(of(&HeaderMap::new()), Language::En);
    }
}
