//! Office documents as they lie on disk: zip archives of XML parts. What a workbook's cells mean is told elsewhere.

pub(crate) mod book;
pub(crate) mod document;
pub(crate) mod markup;
pub(crate) mod package;
pub(crate) mod serial;
pub(crate) mod workbook;
