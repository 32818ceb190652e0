//! Words for every warning code.

use tiaoji_core::defect::{Detail, Warning, WarningCode};

use super::{Names, Words};

/// What a message says about one warning.
pub(super) fn words(warning: &Warning, names: &Names<'_>) -> Words {
    let read = warning.read.as_deref().unwrap_or_default();
    let other = match &warning.detail {
        Detail::OtherDate(day) => day.to_string(),
        Detail::Because(why) => why.clone(),
        _ => String::new(),
    };
    match warning.code {
        WarningCode::NoWorkingDay => Words::new(
            format!("no working day from {read} to {other}: the posting has no effect"),
            format!("{read} 至 {other} 没有工作日，该行不起作用"),
            "correct the dates, the calendar or the horizon",
            "请检查日期、日历或起止日期",
        ),
        WarningCode::ContractEnded => Words::new(
            format!("the contract ends on {read}, before the posting begins on {other}"),
            format!("合同于 {read} 到期，早于开始日期 {other}"),
            "correct `contract_until`, or remove the posting",
            "请更正 `contract_until`（合同到期），或删除该行",
        ),
        WarningCode::NoConsent => Words::new(
            "no worker has consented: nobody is lent",
            "没有职工同意，无人可借",
            "ask the workers, then correct `consented`",
            "请征询职工意见后更正 `consented`（同意人数）",
        ),
        WarningCode::BlockedTwice => {
            let (first, first_zh) = match warning.detail {
                Detail::FirstIn(row) => (format!(" in row {row}"), format!("第 {row} 行")),
                _ => (String::new(), "前面".to_string()),
            };
            Words::new(
                format!("this block stands already{first}"),
                format!("同样的屏蔽已出现在{first_zh}"),
                "remove one of the two",
                "请删除其中一行",
            )
        }
        WarningCode::DeadRule => Words::new(
            format!("the certificate `{read}` is demanded and held by nobody"),
            format!("要求证书 `{read}`，但无人持有"),
            "check its spelling in the `certificates` of the surplus postings",
            "请检查余工 `certificates`（持有证书）中的写法",
        ),
        WarningCode::FarAway => Words::new(
            format!("the firm `{read}` is {other} from the median of all firms"),
            format!("企业 `{read}` 距全部企业的中位点 {other}"),
            "check `latitude` and `longitude`; they may be exchanged",
            "请检查 `latitude`（纬度）和 `longitude`（经度）是否对调",
        ),
        WarningCode::UnknownFile => {
            let (near, near_zh) = match &warning.detail {
                Detail::DidYouMean(near) => {
                    (format!(": did you mean `{near}`?"), format!("：是否应为 `{near}`？"))
                }
                _ => (String::new(), String::new()),
            };
            if !matches!(names, Names::Workbook(..)) {
                return Words::new(
                    format!("`{read}` is no file of a scenario and is not read{near}"),
                    format!("`{read}` 不是场景文件，未读取{near_zh}"),
                    "rename it, or move it elsewhere",
                    "请改名或移走",
                );
            }
            if matches!(warning.detail, Detail::Because(_)) {
                return Words::new(
                    format!("the sheet `{read}` is hidden and is not read"),
                    format!("工作表 `{read}` 已隐藏，未读取"),
                    "show it, or rename it",
                    "请取消隐藏，或改名",
                );
            }
            Words::new(
                format!("the sheet `{read}` is no table of a scenario and is not read{near}"),
                format!("工作表 `{read}` 不是场景的表，未读取{near_zh}"),
                "rename it, or remove it",
                "请改名或删除",
            )
        }
    }
}
