//! The blocks of a paper as HTML, for those who can look at it but not download it.

use maud::{Markup, html};

use crate::office::document::{Block, Grid};
use crate::office::markup::is_unwritable;

/// The paper as an article in Chinese; the title is a heading of the first level.
pub(super) fn write(blocks: &[Block]) -> String {
    let paper = html! { article class="paper" lang="zh-CN" { @for block in blocks { (one(block)) } } };
    paper.into_string().replace(is_unwritable, "\u{FFFD}")
}

fn one(block: &Block) -> Markup {
    match block {
        Block::Title(text) => html! { h1 { (text) } },
        Block::Heading(text) => html! { h2 { (text) } },
        Block::Paragraph(text) => html! { p { (text) } },
        Block::Note(text) => html! { p class="soft" { (text) } },
        Block::Table(grid) => table(grid),
        Block::Columns(rows) => html! {
            div class="two" { @for row in rows { @for text in row { p { (text) } } } }
        },
        Block::NewPage => html! { hr class="new-page"; },
    }
}

/// In a box that scrolls where the window is narrower; the header tells what the box holds.
fn table(grid: &Grid) -> Markup {
    let (head, rows) = grid.rows.split_first().map_or((&[][..], &[][..]), |(head, rows)| (&head[..], rows));
    html! {
        div class="scroll" role="group" tabindex="0" aria-label=(head.join("、")) {
            table {
                thead { tr { @for text in head { th scope="col" { (text) } } } }
                tbody { @for row in rows { tr { @for text in row { td { (text) } } } } }
            }
        }
    }
}
