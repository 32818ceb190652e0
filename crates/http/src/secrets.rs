//! Passwords and tokens: what is handed out, and what is kept of it.

use std::fmt::Write as _;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::problem::{INTERNAL, Problem};
use crate::random;

/// Argon2 takes 19 MiB each: four at once, whoever asks.
static TURNS: Semaphore = Semaphore::const_new(4);

/// What a password is compared with where nobody has that login: it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash(&token("")).unwrap_or_default());

/// A token of 256 random bits behind a prefix that says what it is, so that a leaked one is found.
pub fn token(prefix: &str) -> String {
    prefix.to_string() + &hexadecimal(&random::bytes::<32>())
}

/// Bytes in hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is stored of a token, and looked up: its SHA-256. A token is random, so nothing slower is needed.
pub fn fingerprint(token: &str) -> String {
    tiaoji_store::sha256(token.as_bytes())
}

/// The Argon2id hash of a password, with its own salt, in PHC notation.
///
/// # Errors
/// `internal`.
pub async fn hash_password(password: String) -> Result<String, Problem> {
    in_turn(move || hash(&password)).await?.ok_or_else(|| Problem::new(&INTERNAL))
}

/// Whether a password is the one of a hash; without a hash it never is, after the same work.
///
/// # Errors
/// `internal`.
pub async fn is_password(password: String, hash: Option<String>) -> Result<bool, Problem> {
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let same = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && same
    })
    .await
}

fn hash(password: &str) -> Option<String> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &random::bytes::<16>())
        .ok()
        .map(|hash| hash.to_string())
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _turn = TURNS.acquire().await;
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new(&INTERNAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn passwords() {
        let hash = hash_password("correct horse".to_string()).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        let check = async |password: &str, hash: Option<&String>| {
            is_password(password.to_string(), hash.cloned()).await.expect("an answer")
        };
        assert!(check("correct horse", Some(&hash)).await);
        assert!(!check("correct  horse", Some(&hash)).await);
        assert!(!check("correct horse", None).await);
        assert!(!check("correct horse", Some(&"no hash".to_string())).await);
        assert_ne!(token("k_"), token("k_"));
    }
}
