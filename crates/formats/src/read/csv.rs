//! The text of a CSV file to the rows of a table.
//!
//! Rows are numbered as a spreadsheet numbers them: every record counts, blank ones too, and one whose quoted cell
//! holds line breaks counts once.

use csv::StringRecord;

use super::table::{NoTable, Sheet, is_blank, no_table};

/// What cells of a table from a person's clipboard are separated by: spreadsheets put tabs between them.
pub(crate) fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty());
    // every second part stands in quotes
    let has_tab = |line: &str| line.split('"').step_by(2).any(|part| part.contains('\t'));
    if header.is_some_and(has_tab) { b'\t' } else { b',' }
}

/// Splits the text of a file into rows and cells.
pub(crate) fn parse(text: &str, separator: u8) -> Result<Sheet, NoTable> {
    // A quote that is never closed swallows everything after it, this last line included.
    const END: &str = "\u{1}end\u{1}";
    let bytes = format!("{text}\n{END}\n").into_bytes();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(bytes.as_slice());
    let mut rows: Vec<(u32, StringRecord)> = Vec::new();
    let mut number = 0;
    let mut record = StringRecord::new();
    loop {
        let before = reader.position().byte() as usize;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(no_table(Some(number + 1), &error.to_string())),
        }
        number += 1 + blank_lines(&bytes, before);
        rows.push((number, record.clone()));
    }
    match rows.pop() {
        Some((_, last)) if last.len() == 1 && last.get(0) == Some(END) => {}
        Some((row, _)) => return Err(no_table(Some(row), "a quoted cell is never closed")),
        None => {}
    }
    rows.retain(|(_, record)| !is_blank(record));
    let sheet = Sheet::new(rows)?;
    let header = &sheet.header;
    if header.len() == 1 && header.iter().any(|cell| cell.contains([';', '\t'])) {
        return Err(no_table(Some(sheet.header_row), "its cells are not separated by commas"));
    }
    Ok(sheet)
}

/// Blank lines between the end of a record and the start of the next: the reader skips them without a word.
fn blank_lines(bytes: &[u8], end: usize) -> u32 {
    let is_break = |b: &u8| matches!(b, b'\r' | b'\n');
    let mut start = end;
    // The second half of the line break that ended the record before.
    if end > 0 && bytes.get(end - 1) == Some(&b'\r') && bytes.get(end) == Some(&b'\n') {
        start += 1;
    }
    let gap = bytes.get(start..).unwrap_or_default();
    let gap = &gap[..gap.iter().take_while(|b| is_break(b)).count()];
    let pairs = gap.windows(2).filter(|pair| pair == b"\r\n").count();
    (gap.len() - pairs) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_in_a_spreadsheet() {
        let check = |text: &str, expect: &[(u32, &str)]| {
            let Ok(sheet) = parse(text, separator(text)) else { panic!("{text:?} is no table") };
            let got: Vec<(u32, &str)> = std::iter::once((sheet.header_row, &sheet.header[0]))
                .chain(sheet.rows.iter().map(|(row, record)| (*row, &record[0])))
                .collect();
            assert_eq!(got, expect, "{text:?}");
        };
        check("h\na\nb\n", &[(1, "h"), (2, "a"), (3, "b")]);
        check("h\r\na\r\nb", &[(1, "h"), (2, "a"), (3, "b")]);
        check("h\ra\rb", &[(1, "h"), (2, "a"), (3, "b")]);
        check("\n\nh\n\na\n,\nb", &[(3, "h"), (5, "a"), (7, "b")]);
        check("\r\nh\r\n\r\n\r\na\r\n\r\nb\r\n", &[(2, "h"), (5, "a"), (7, "b")]);
        check("h\n\"a\nx\"\nb", &[(1, "h"), (2, "a\nx"), (3, "b")]);
        check("h\n\"a\"\"q\"\n\nb", &[(1, "h"), (2, "a\"q"), (4, "b")]);
        check("\nh\ti\na, b\t\n\n\"c\td\"\te", &[(2, "h"), (3, "a, b"), (5, "c\td")]);
    }

    #[test]
    fn what_is_no_table() {
        let check = |text: &str, expect: Option<u32>| {
            assert_eq!(parse(text, b',').err().map(|no| no.row), Some(expect), "{text:?}");
        };
        check("", None);
        check(" \n , \n", None);
        check("h,i\na,\"b\nc,d\n", Some(2));
        check("h;i\n1;2\n", Some(1));
        check("h\ti\n1\t2\n", Some(1));
    }
}
