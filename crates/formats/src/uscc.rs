//! Unified social credit codes (统一社会信用代码, GB 32100-2015).

/// The characters of a code: digits and capitals without I, O, S, V, Z. A character's place is its value.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a text is a code of 18 characters with the right check character: the values of the first 17, weighted by
/// the powers of 3 modulo 31, and that of the last add up to a multiple of 31.
pub fn is_uscc(text: &str) -> bool {
    let value = |c: &u8| CHARACTERS.iter().position(|known| known == c);
    let values: Option<Vec<usize>> = text.as_bytes().iter().map(value).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let sum: usize = values.iter().zip(weights).take(17).map(|(value, weight)| value * weight).sum();
    (sum + values[17]).is_multiple_of(31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        // The weights of the standard sum up to 1 for a lone 1 in front: the check character is then 30, `Y`.
        let check = |text: &str, expect| assert_eq!(is_uscc(text), expect, "{text}");
        check("10000000000000000Y", true);
        check("000000000000000000", true);
        check("03000000000000000N", true); // 31 - 3 * 3 = 22
        check("13000000000000000M", true); // 31 - (1 + 3 * 3) = 21
        check("000000000000000001", false);
        check("10000000000000000X", false);
        check("1000000000000000Y", false);
        check("100000000000000000Y", false);
        check("10000000000000000y", false);
        check("1I000000000000000Y", false);
        check("", false);
        check("一二三四五六", false);
    }
}
