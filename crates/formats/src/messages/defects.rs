//! Words for every defect code.

use tiaoji_core::defect::{Defect, DefectCode, Detail, Table};
use tiaoji_core::rules::RuleSet;

use super::names::{Language, rule_name};
use super::{Names, Words, column_zh, list_columns, table_label, table_label_zh};
use crate::cell::PRIORITIES;
use crate::columns::{Kind, Need, column};

/// What a message says about one defect.
pub(super) fn words(defect: &Defect, names: &Names<'_>) -> Words {
    let facts = Facts::new(defect, names);
    match defect.code {
        DefectCode::MissingFile => facts.missing_file(),
        DefectCode::Unreadable => facts.unreadable(),
        DefectCode::Encoding => facts.encoding(),
        DefectCode::MissingColumn => facts.missing_column(),
        DefectCode::UnknownColumn | DefectCode::UnknownKey => facts.unknown(),
        DefectCode::DuplicateColumn => facts.duplicate_column(),
        DefectCode::MissingValue => facts.missing_value(),
        DefectCode::BadNumber
        | DefectCode::BadMoney
        | DefectCode::BadDate
        | DefectCode::BadBoolean
        | DefectCode::BadChoice
        | DefectCode::BadText => facts.bad_cell(),
        DefectCode::OutOfRange => facts.out_of_range(),
        DefectCode::DuplicateId | DefectCode::DuplicateRow => facts.duplicate(),
        DefectCode::UnknownReference => facts.unknown_reference(),
        DefectCode::DatesReversed => facts.dates_reversed(),
        DefectCode::Conflict => facts.conflict(),
        DefectCode::PinRule => facts.pin_rule(),
        DefectCode::PinCapacity => facts.pin_capacity(),
        DefectCode::Overflow => Words::new(
            "the worst case of the objective is larger than 2^63 - 1 fen",
            "目标函数的最坏情形超过 2^63 - 1 分",
            "lower the headcounts or the prices, or shorten the dates",
            "请减少人数、降低单价或缩短日期范围",
        ),
        DefectCode::Format => facts.format(),
    }
}

/// What the messages are made of.
struct Facts<'a> {
    defect: &'a Defect,
    names: &'a Names<'a>,
    /// What was read, or nothing.
    read: &'a str,
    /// The column as the file spells it, and with its Chinese name.
    column: String,
    column_zh: String,
    kind: Option<Kind>,
}

impl<'a> Facts<'a> {
    fn new(defect: &'a Defect, names: &'a Names<'a>) -> Facts<'a> {
        let name = defect.at.column.as_deref().unwrap_or_default();
        let is_known = defect.code != DefectCode::UnknownKey;
        let spelled = if is_known { names.spell(defect.at.table, name) } else { name.into() };
        Facts {
            defect,
            names,
            read: defect.read.as_deref().unwrap_or_default(),
            column_zh: column_zh(&defect.at, &spelled),
            column: spelled.into_owned(),
            kind: column(defect.at.table, name).map(|info| info.kind),
        }
    }

    /// What the reader says, as an addition to a sentence.
    fn because(&self) -> (String, String) {
        match &self.defect.detail {
            Detail::Because(why) => (format!(": {why}"), format!("：{}", reader_zh(why))),
            _ => (String::new(), String::new()),
        }
    }

    fn missing_file(&self) -> Words {
        let file = self.names.file(self.defect.at.table);
        if let Names::Path(path) = self.names {
            return Words::new(
                format!("there is no file or folder `{path}`"),
                format!("没有文件或文件夹 `{path}`"),
                "check the path",
                "请检查路径",
            );
        }
        let file = if let Names::Workbook(..) = self.names {
            self.names.sheet(self.defect.at.table).to_string()
        } else {
            file
        };
        let (remedy, remedy_zh) = if let Detail::DidYouMean(near) = &self.defect.detail {
            (format!("rename `{near}` to `{file}`"), format!("请把 `{near}` 改名为 `{file}`"))
        } else {
            let columns = list_columns(self.defect.at.table, self.names, |info| info.need != Need::Nothing);
            (format!("add it; it needs {columns}"), format!("请添加该文件，必需：{columns}"))
        };
        Words::new(format!("`{file}` is missing"), format!("缺少文件 `{file}`"), remedy, remedy_zh)
    }

    fn unreadable(&self) -> Words {
        let (why, why_zh) = self.because();
        let (what, what_zh) = match (self.defect.at.row, self.defect.at.column.is_some()) {
            (_, true) => (format!("`{}` cannot be read", self.column), format!("{}无法读取", self.column_zh)),
            (Some(row), false) => (format!("row {row} cannot be read"), format!("第 {row} 行无法读取")),
            (None, false) if !self.names.sheet(self.defect.at.table).is_empty() => {
                ("the sheet cannot be read".to_string(), "工作表无法读取".to_string())
            }
            (None, false) => ("the file cannot be read".to_string(), "文件无法读取".to_string()),
        };
        Words::new(
            format!("{what}{why}"),
            format!("{what_zh}{why_zh}"),
            "mend it there, or save the file again from its program",
            "请在该处修正，或用原程序重新保存文件",
        )
    }

    fn encoding(&self) -> Words {
        let (why, why_zh) = self.because();
        Words::new(
            format!("the encoding of the text is not known{why}"),
            format!("无法识别文字编码{why_zh}"),
            "save the file as UTF-8 (in Excel: CSV UTF-8) or as GB18030",
            "请另存为 UTF-8（Excel：CSV UTF-8）或 GB18030",
        )
    }

    fn missing_column(&self) -> Words {
        let (column, zh) = (&self.column, &self.column_zh);
        Words::new(
            format!("column `{column}` is missing"),
            format!("缺少列 {zh}"),
            format!("add a column with the header `{column}`"),
            format!("请添加表头为 {zh}的列"),
        )
    }

    /// Unknown columns of tables and unknown keys of documents.
    fn unknown(&self) -> Words {
        let (column, table) = (&self.column, self.defect.at.table);
        let is_key = self.defect.code == DefectCode::UnknownKey;
        let (thing, thing_zh) = if is_key { ("key", "键") } else { ("column", "列") };
        match &self.defect.detail {
            Detail::DidYouMean(near) => Words::new(
                format!("unknown {thing} `{column}`: did you mean `{near}`?"),
                format!("未知的{thing_zh} `{column}`：是否应为 `{near}`？"),
                format!("rename it to `{near}`, or remove it"),
                format!("请改名为 `{near}`，或将其删除"),
            ),
            Detail::Because(_) => Words::new(
                format!("column {column} has cells and no header"),
                format!("第 {column} 列有内容而没有表头"),
                "give it a header, or empty it",
                "请补上表头，或清空该列",
            ),
            _ => {
                let known = list_columns(table, self.names, |_| true);
                Words::new(
                    format!("unknown {thing} `{column}`"),
                    format!("未知的{thing_zh} `{column}`"),
                    format!("remove it; known are {known}"),
                    format!("请将其删除；可用的有：{known}"),
                )
            }
        }
    }

    fn duplicate_column(&self) -> Words {
        let (column, zh) = (&self.column, &self.column_zh);
        let is_key = self.names.is_json() || self.defect.at.table == Table::Scenario;
        let (thing, thing_zh) = if is_key { ("key", "键") } else { ("column", "列") };
        let written =
            if is_key || self.read == column { String::new() } else { format!(" (`{}`)", self.read) };
        Words::new(
            format!("{thing} `{column}` stands twice{written}"),
            format!("{thing_zh} {zh}重复{written}"),
            "keep one of the two",
            "请只保留其中一个",
        )
    }

    fn missing_value(&self) -> Words {
        if self.defect.at.column.is_none() {
            let table = self.defect.at.table;
            return Words::new(
                format!("table `{}` is missing", table.name()),
                format!("缺少表 {}", table_label_zh(table, self.names)),
                "add it as an array; it may be empty",
                "请添加该表（数组，可以为空）",
            );
        }
        let (expected, expected_zh) = self.expected();
        Words::new(
            format!("`{}` has no value", self.column),
            format!("{}没有填写", self.column_zh),
            format!("write {expected}"),
            format!("请填写{expected_zh}"),
        )
    }

    /// What belongs into the column.
    fn expected(&self) -> (String, String) {
        let at = &self.defect.at;
        if self.names.is_json() {
            match self.kind {
                Some(Kind::Money) => {
                    return (
                        "whole fen, such as `15050` for 150.50 CNY".to_string(),
                        "整数（分），如 150.50 元写作 `15050`".to_string(),
                    );
                }
                Some(Kind::Flag) => return ("true or false".to_string(), "true 或 false".to_string()),
                _ => {}
            }
        } else if self.kind == Some(Kind::Flag) && at.table == Table::Scenario {
            return ("true or false".to_string(), "true 或 false".to_string());
        }
        let is_own_id = at.column.as_deref() == Some("id");
        expected(self.kind.unwrap_or(Kind::Text), is_own_id)
    }

    fn bad_cell(&self) -> Words {
        let (what, what_zh) = match self.defect.code {
            DefectCode::BadMoney => ("no amount of money", "不是金额"),
            DefectCode::BadDate => ("no date", "不是日期"),
            DefectCode::BadBoolean => ("neither true nor false", "不是是/否"),
            DefectCode::BadChoice => ("none of the choices", "不在可选范围内"),
            DefectCode::BadText => ("not allowed as a text", "文字不合规定"),
            _ => ("no number", "不是数字"),
        };
        let (column, zh, read) = (&self.column, &self.column_zh, self.read);
        let message = format!("`{read}` in `{column}` is {what}");
        let message_zh = format!("{zh}的 `{read}` {what_zh}");
        // Of texts the reader knows better what is wrong than the column does.
        if let (DefectCode::BadText, Detail::Because(why)) = (self.defect.code, &self.defect.detail) {
            let zh = reader_zh(why);
            return Words::new(
                format!("{message}: {why}"),
                format!("{message_zh}：{zh}"),
                "change the text",
                "请修改文字",
            );
        }
        let (expected, expected_zh) = self.expected();
        Words::new(message, message_zh, format!("write {expected}"), format!("请填写{expected_zh}"))
    }

    fn out_of_range(&self) -> Words {
        let (column, zh, read) = (&self.column, &self.column_zh, self.read);
        let (range, range_zh) = match &self.defect.detail {
            // What the checks show is CNY; a document holds fen.
            Detail::Between(low, high) if self.kind == Some(Kind::Money) && self.names.is_json() => {
                (format!("{low} to {high} CNY"), format!("{low} 至 {high} 元"))
            }
            Detail::Between(low, high) => (format!("{low} to {high}"), format!("{low} 至 {high}")),
            Detail::Because(why) => (why.clone(), reader_zh(why)),
            _ => ("another".to_string(), "另一数值".to_string()),
        };
        Words::new(
            format!("`{read}` in `{column}` is out of range: {range}"),
            format!("{zh}的 `{read}` 超出范围：{range_zh}"),
            "write a value within the range",
            "请填写范围内的值",
        )
    }

    fn duplicate(&self) -> Words {
        let read = self.read;
        let (place, place_zh) = match &self.defect.detail {
            Detail::FirstIn(row) if Some(*row) == self.defect.at.row => {
                ("in the same row".to_string(), "同一行中".to_string())
            }
            Detail::FirstIn(row) => (format!("in row {row}"), format!("第 {row} 行")),
            _ => ("before".to_string(), "前面".to_string()),
        };
        if self.defect.code == DefectCode::DuplicateId {
            Words::new(
                format!("the id `{read}` stands already {place}"),
                format!("编号 `{read}` 已出现在{place_zh}"),
                "give one of the two another id",
                "请为其中一行换一个编号",
            )
        } else {
            Words::new(
                format!("`{read}` stands already {place}"),
                format!("`{read}` 已出现在{place_zh}"),
                "remove one of the two",
                "请删除其中一个",
            )
        }
    }

    fn unknown_reference(&self) -> Words {
        let read = self.read;
        if self.defect.at.column.as_deref() == Some("id") {
            return Words::new(
                format!("there is no posting `{read}` of yours"),
                format!("您没有编号为 `{read}` 的发布"),
                "leave the id blank for a new posting, or write that of one of yours",
                "新发布请把编号留空；修改请填写自己已有的编号",
            );
        }
        let (table, near) = match &self.defect.detail {
            Detail::NotIn(table, near) => (*table, near.as_deref()),
            _ => (self.defect.at.table, None),
        };
        let (label, label_zh) = (table_label(table, self.names), table_label_zh(table, self.names));
        match near {
            Some(near) => Words::new(
                format!("there is no `{read}` in {label}: did you mean `{near}`?"),
                format!("{label_zh}中没有 `{read}`：是否应为 `{near}`？"),
                format!("write `{near}`, or add `{read}` to {label}"),
                format!("请改为 `{near}`，或在{label_zh}中添加 `{read}`"),
            ),
            None => Words::new(
                format!("there is no `{read}` in {label}"),
                format!("{label_zh}中没有 `{read}`"),
                format!("write an id that stands there, or add `{read}` to {label}"),
                format!("请填写其中已有的编号，或在{label_zh}中添加 `{read}`"),
            ),
        }
    }

    fn dates_reversed(&self) -> Words {
        let read = self.read;
        let from = match &self.defect.detail {
            Detail::OtherDate(day) => day.to_string(),
            _ => String::new(),
        };
        Words::new(
            format!("`{}` is {read}, before the first day {from}", self.column),
            format!("{}为 {read}，早于开始日期 {from}", self.column_zh),
            "exchange the two dates, or correct one",
            "请对调两个日期，或改正其中一个",
        )
    }

    fn conflict(&self) -> Words {
        let read = self.read;
        if self.defect.at.table == Table::Substitutions {
            return Words::new(
                format!("skill `{read}` is to stand in for itself"),
                format!("工种 `{read}` 不能替代自身"),
                "name another skill, or remove the row",
                "请填写另一工种，或删除该行",
            );
        }
        if self.defect.at.column.as_deref() == Some("id") {
            return Words::new(
                format!("the posting `{read}` is withdrawn or closed"),
                format!("发布 `{read}` 已撤回或已结束"),
                "reopen it first, or leave the id blank for a new posting",
                "请先重新发布，或把编号留空作为新发布",
            );
        }
        let is_surplus = self.defect.at.column.as_deref() == Some("surplus");
        let (firm, firm_zh) =
            if is_surplus { ("lender", "出借企业") } else { ("borrower", "借入企业") };
        Words::new(
            format!("`{read}` is not a posting of this row's {firm}"),
            format!("`{read}` 不属于本行的{firm_zh}"),
            format!("name a posting of the {firm}, or another {firm}"),
            format!("请填写该{firm_zh}的编号，或更换{firm_zh}"),
        )
    }

    fn pin_rule(&self) -> Words {
        let rules = match &self.defect.detail {
            Detail::Rules(rules) => *rules,
            _ => RuleSet::default(),
        };
        let codes: Vec<&str> = rules.iter().map(tiaoji_core::rules::Rule::code).collect();
        let zh: Vec<&str> = rules.iter().map(|rule| rule_name(rule, Language::Zh)).collect();
        Words::new(
            format!("the pin {} breaks a rule: {}", self.read, codes.join(", ")),
            format!("已定借调 {} 违反规则：{}", self.read, zh.join("、")),
            "change or remove the pin, or set `forced` where a person has decided so",
            "请修改或删除该行；若为人工决定，请填写 `forced`（强制）",
        )
    }

    fn pin_capacity(&self) -> Words {
        let (message, message_zh) = match &self.defect.detail {
            Detail::Capacity { posting, day, needed, available } => (
                format!("on {day} the pins of `{posting}` need {needed} workers, and it has {available}"),
                format!("{day} 当天 `{posting}` 的已定借调需要 {needed} 人，而只有 {available} 人"),
            ),
            _ => ("the pins need more workers than there are".to_string(), "已定借调超过人数".to_string()),
        };
        Words::new(
            message,
            message_zh,
            "lower the count, or set `forced` where a person has decided so",
            "请减少人数；若为人工决定，请填写 `forced`（强制）",
        )
    }

    fn format(&self) -> Words {
        let known = crate::read::FORMAT;
        Words::new(
            format!("format {} is not known here; this program reads format {known}", self.read),
            format!("不支持格式 {}；本程序读取格式 {known}", self.read),
            "use the program that wrote it, or a newer one",
            "请使用写出该文件的程序，或更新的版本",
        )
    }
}

/// What belongs into a cell of a table, in English and Chinese.
pub(crate) fn expected(kind: Kind, is_own_id: bool) -> (String, String) {
    let of = |en: &str, zh: &str| (en.to_string(), zh.to_string());
    match kind {
        Kind::Id if is_own_id => of("an id", "编号"),
        Kind::Id => of("the id of a row of the other table", "另一表中的编号"),
        Kind::Text => of("a text", "文字"),
        Kind::List => of("a list such as `a; b`", "列表，如 `a；b`"),
        Kind::Whole => of("a whole number such as `12`", "整数，如 `12`"),
        Kind::Float => of("a number such as `37.05`", "数字，如 `37.05`"),
        Kind::Money => of("an amount in CNY such as `150.50`", "金额（元），如 `150.50`"),
        Kind::Km => {
            of("kilometres with at most three decimals, such as `6.5`", "公里数（至多三位小数），如 `6.5`")
        }
        Kind::Date => of("a date such as `2022-03-05`", "日期，如 `2022-03-05`"),
        Kind::Flag => of("`true` or `false`", "`是` 或 `否`"),
        Kind::Priority => {
            let [en, zh] = [1, 2].map(|column| {
                let spell = |p: &(tiaoji_core::draft::Priority, &str, &str)| {
                    format!("`{}`", if column == 1 { p.1 } else { p.2 })
                };
                PRIORITIES.iter().map(spell).collect::<Vec<_>>().join(", ")
            });
            (format!("one of {en}"), format!("以下之一：{zh}"))
        }
        Kind::Certificates => {
            of("certificates such as `a; b@2022-12-31`", "证书，如 `健康证；电工证@2022-12-31`")
        }
        Kind::Weekdays => {
            of("a list of `Mon`, `Tue`, `Wed`, `Thu`, `Fri`, `Sat`, `Sun`", "列表，取自 `Mon` 至 `Sun`")
        }
    }
}

/// The reasons of readers and checks that have a Chinese text of their own; others are shown as they are.
fn reader_zh(why: &str) -> String {
    if let Some(rest) = why.strip_prefix("at most ")
        && let Some(limit) = rest.strip_suffix(" characters")
    {
        return format!("至多 {limit} 个字符");
    }
    // A cell, and what is wrong with it.
    let parametric = [
        ("the formula in ", " has no stored value", "单元格 ", " 的公式没有保存的结果"),
        ("the cell ", " lies beyond the 256 columns that are read", "单元格 ", " 超出可读取的 256 列"),
        ("the text of ", " is missing from the workbook", "单元格 ", " 的文字在工作簿中缺失"),
        ("`", "` is no place where a cell can stand", "`", "` 处不能有单元格"),
        ("two sheets hold this table: ", "", "两个工作表是同一张表：", ""),
    ];
    for (before, after, before_zh, after_zh) in parametric {
        if let Some(middle) = why.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) {
            return format!("{before_zh}{}{after_zh}", middle.replace(" and ", "、"));
        }
    }
    if let Some((place, error)) = why.split_once(" holds the error ") {
        return format!("单元格 {place} 为错误值 {error}");
    }
    let zh = match why {
        "an id has no control characters, none of / \\ ? #, and is not . or .." => {
            "编号不得含控制字符或 / \\ ? #，也不得为 . 或 .."
        }
        "over 0 and at most 10" => "大于 0，至多 10",
        "it is UTF-16" => "该文件为 UTF-16",
        "it holds zero bytes, as UTF-16 and binary files do" => "含有零字节，可能是 UTF-16 或二进制文件",
        "it is marked as UTF-8 and is not" => "标记为 UTF-8，实际不是",
        "it is UTF-8 with damaged bytes" => "该文件为 UTF-8，但有损坏的字节",
        "it is neither UTF-8 nor GB18030" => "既不是 UTF-8 也不是 GB18030",
        "a quoted cell is never closed" => "有单元格的引号没有结束",
        "it has more cells than the header" => "单元格比表头多",
        "there is no header row" => "没有表头行",
        "its cells are not separated by commas" => "单元格不是用逗号分隔",
        "it holds keys, not a value" => "此处应为一组键，而不是一个值",
        "a document is one object, { … }" => "文档应为一个对象 { … }",
        "a table is an array of objects, [ { … }, … ]" => "表应为对象数组 [ { … }, … ]",
        "a row is an object, { … }" => "每一行应为对象 { … }",
        "no zero characters" => "不得含零字符",
        "a list of texts" => "应为文字的列表",
        "a text in quotes" => "应为带引号的文字",
        "no ; ； 、 inside an item of a list" => "列表的每一项不得含 ; ； 、",
        "the file is larger than 32 MiB" => "文件大于 32 MiB",
        "the archive has too many parts" => "压缩包内的文件过多",
        "the archive is damaged" => "文件已损坏",
        "the archive inflates to more than 256 MiB" => "解压后超过 256 MiB",
        "the archive holds no workbook of the .xlsx kind" => "不是 .xlsx 工作簿",
        "it is an .xls workbook, or protected by a password" => "该文件为 .xls 工作簿，或设有密码",
        "the workbook has too many formats" => "单元格格式过多",
        "the workbook holds too much text" => "文字过多",
        "the workbook has too many cells" => "单元格过多",
        "a sheet has more than 100,000 rows" => "工作表超过 100,000 行",
        "one cell holds more than a spreadsheet program can write" => "单个单元格内容过长",
        "it holds XML that no spreadsheet program writes" => "含有电子表格软件不会写出的 XML",
        "its XML ends too early" => "XML 不完整",
        other => other,
    };
    zh.to_string()
}
