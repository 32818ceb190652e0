//! Figures as people read them.

use tiaoji_core::units::round_half_up;
use tiaoji_formats::messages::Language;
use tiaoji_formats::pictures::thousands;

/// Fen as whole yuan, with commas between thousands.
pub fn whole_yuan(fen: i64, language: Language) -> String {
    let yuan = thousands(round_half_up(i128::from(fen), 100) as i64);
    language.choose(format!("¥{yuan}"), format!("{yuan} 元"))
}

/// A share with one decimal of a percent.
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_string();
    }
    let tenths = round_half_up(i128::from(part) * 1000, i128::from(whole)) as i64;
    format!("{}.{} %", tenths / 10, (tenths % 10).abs())
}

/// A difference with its sign.
pub fn signed(value: i64) -> String {
    match value {
        0 => "0".to_string(),
        1.. => format!("+{}", thousands(value)),
        _ => thousands(value),
    }
}
