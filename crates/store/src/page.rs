//! Lists come in pages.

use crate::Result;
use crate::db::Row;

/// Part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part begins: what to give as `after`. None at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page from rows of which one more was asked for than fits.
    pub(crate) fn new(
        rows: &[Row],
        limit: usize,
        read: impl Fn(&Row) -> Result<T>,
        place: impl Fn(&T) -> String,
    ) -> Result<Self> {
        let items: Vec<T> = rows.iter().take(limit).map(read).collect::<Result<_>>()?;
        let next = items.last().filter(|_| rows.len() > limit).map(place);
        Ok(Self { items, next })
    }
}
