//! Random bytes of the operating system.

/// `N` of them.
///
/// # Panics
/// Where the system has none: nothing here may go on without.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
