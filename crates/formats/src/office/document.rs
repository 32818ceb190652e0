//! A paper to be written: headings, paragraphs and tables on A4, as a text program opens it (`.docx`).

use std::fmt::Write;

use super::markup::escape;
use super::package::pack;

/// A block of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Title(String),
    Heading(String),
    /// Its first line is indented by two characters, as is the custom.
    Paragraph(String),
    /// Small and grey.
    Note(String),
    Table(Grid),
    /// Two columns without lines, kept together on one page.
    Columns(Vec<[String; 2]>),
    NewPage,
}

/// A table: widths in hundredths of the page's, and rows, of which the first is the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grid {
    pub widths: Vec<u32>,
    pub rows: Vec<Vec<String>>,
}

/// Width of the text in twentieths of a point: A4 less both margins.
const TEXT_WIDTH: u32 = 11_906 - 2 * 1_304;

/// The bytes of a document; `name` stands in the head of every page.
pub(crate) fn write(name: &str, blocks: &[Block]) -> Vec<u8> {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let body: String = blocks.iter().map(block).collect();
    let field = |code: &str| {
        format!(
            "<w:fldSimple w:instr=\" {code} \"><w:r><w:rPr><w:sz w:val=\"18\"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>"
        )
    };
    let small = |text: &str| {
        format!(
            "<w:r><w:rPr><w:color w:val=\"6B7280\"/><w:sz w:val=\"18\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
            escape(text)
        )
    };
    let namespace = format!("xmlns:w=\"{MAIN}\" xmlns:r=\"{RELATION}\"");
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"{KIND}.document.main+xml\"/>\
                 <Override PartName=\"/word/styles.xml\" ContentType=\"{KIND}.styles+xml\"/>\
                 <Override PartName=\"/word/header1.xml\" ContentType=\"{KIND}.header+xml\"/>\
                 <Override PartName=\"/word/footer1.xml\" ContentType=\"{KIND}.footer+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{RELATION}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
                 <Relationship Id=\"rId1\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{RELATION}/header\" Target=\"header1.xml\"/>\
                 <Relationship Id=\"rId3\" Type=\"{RELATION}/footer\" Target=\"footer1.xml\"/></Relationships>"
            ),
        ),
        ("word/styles.xml", format!("{XML}<w:styles {namespace}>{STYLES}</w:styles>")),
        (
            "word/header1.xml",
            format!(
                "{XML}<w:hdr {namespace}><w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr>{}</w:p></w:hdr>",
                small(name)
            ),
        ),
        (
            "word/footer1.xml",
            format!(
                "{XML}<w:ftr {namespace}><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>{}{}{}{}{}</w:p></w:ftr>",
                small("第 "),
                field("PAGE"),
                small(" 页 共 "),
                field("NUMPAGES"),
                small(" 页")
            ),
        ),
        (
            "word/document.xml",
            format!(
                "{XML}<w:document {namespace}><w:body>{body}<w:sectPr>\
                 <w:headerReference w:type=\"default\" r:id=\"rId2\"/>\
                 <w:footerReference w:type=\"default\" r:id=\"rId3\"/>\
                 <w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
                 <w:pgMar w:top=\"1418\" w:right=\"1304\" w:bottom=\"1304\" w:left=\"1304\" w:header=\"680\" \
                 w:footer=\"680\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
            ),
        ),
    ];
    let parts: Vec<_> = parts.into_iter().map(|(name, text)| (name.to_string(), text.into_bytes())).collect();
    pack(&parts)
}

/// Song for texts, Hei for headings, as official Chinese papers have them.
const STYLES: &str = "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" \
w:eastAsia=\"宋体\" w:cs=\"Times New Roman\"/><w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/><w:lang w:val=\"en-US\" \
w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"60\" w:line=\"315\" \
w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"Normal\"/><w:pPr>\
<w:keepNext/><w:spacing w:before=\"120\" w:after=\"200\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr><w:rFonts \
w:eastAsia=\"黑体\"/><w:b/><w:sz w:val=\"34\"/></w:rPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr>\
<w:keepNext/><w:spacing w:before=\"160\" w:after=\"60\"/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:rFonts \
w:eastAsia=\"黑体\"/><w:b/><w:sz w:val=\"23\"/></w:rPr></w:style>";

fn run(text: &str, properties: &str) -> String {
    let properties =
        if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    // A line break inside a text is one of the paper, too.
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(line.trim_end_matches('\r'))))
        .collect();
    format!("<w:r>{properties}{}</w:r>", lines.join("<w:br/>"))
}

fn paragraph(text: &str, layout: &str, properties: &str) -> String {
    format!("<w:p><w:pPr>{layout}</w:pPr>{}</w:p>", run(text, properties))
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(text) => paragraph(text, "<w:pStyle w:val=\"Title\"/>", ""),
        Block::Heading(text) => paragraph(text, "<w:pStyle w:val=\"Heading1\"/>", ""),
        Block::Paragraph(text) => {
            paragraph(text, "<w:ind w:firstLineChars=\"200\" w:firstLine=\"440\"/><w:jc w:val=\"both\"/>", "")
        }
        Block::Note(text) => paragraph(text, "", "<w:color w:val=\"6B7280\"/><w:sz w:val=\"18\"/>"),
        Block::Table(grid) => table(grid),
        Block::Columns(rows) => two_columns(rows),
        Block::NewPage => "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>".to_string(),
    }
}

/// Two tables in a row would become one, and a page must not end in a table.
const AFTER_TABLE: &str =
    "</w:tbl><w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>";

fn columns(widths: &[u32]) -> String {
    let width = |share: &u32| format!("<w:gridCol w:w=\"{}\"/>", TEXT_WIDTH * share / 100);
    format!("<w:tblGrid>{}</w:tblGrid>", widths.iter().map(width).collect::<String>())
}

fn table(grid: &Grid) -> String {
    let edges: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>"))
        .concat();
    let mut xml = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{TEXT_WIDTH}\" w:type=\"dxa\"/><w:tblBorders>{edges}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr>{}",
        columns(&grid.widths)
    );
    for (at, row) in grid.rows.iter().enumerate() {
        let is_header = at == 0;
        xml += if is_header {
            "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        } else {
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        };
        for (text, share) in row.iter().zip(&grid.widths) {
            let shade =
                if is_header { "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E8EDF5\"/>" } else { "" };
            let properties = if is_header { "<w:b/><w:sz w:val=\"18\"/>" } else { "<w:sz w:val=\"18\"/>" };
            let layout = "<w:spacing w:before=\"30\" w:after=\"30\" w:line=\"260\" w:lineRule=\"auto\"/><w:jc w:val=\"center\"/>";
            let _ = write!(
                xml,
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{shade}<w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
                TEXT_WIDTH * share / 100,
                paragraph(text, layout, properties)
            );
        }
        xml += "</w:tr>";
    }
    xml + AFTER_TABLE
}

fn two_columns(rows: &[[String; 2]]) -> String {
    let mut xml = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{TEXT_WIDTH}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr>{}",
        columns(&[50, 50])
    );
    for (at, row) in rows.iter().enumerate() {
        xml += "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
        for text in row {
            let keep = if at + 1 < rows.len() { "<w:keepNext/>" } else { "" };
            let layout = format!("{keep}<w:spacing w:before=\"100\" w:after=\"100\"/>");
            let _ = write!(
                xml,
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>",
                TEXT_WIDTH / 2,
                paragraph(text, &layout, "")
            );
        }
        xml += "</w:tr>";
    }
    xml + AFTER_TABLE
}
