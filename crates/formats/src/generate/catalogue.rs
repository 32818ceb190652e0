//! What the made-up zone is made of: trades and their seasons, skills, and who may stand in for whom. The figures
//! are those of the domain notes; where those are estimates, so are these.

/// A trade: what its firms are called, their alliance, how busy each month is, and whom they employ.
pub(super) struct Trade {
    pub alliance: &'static str,
    /// What a firm's name ends in.
    pub suffixes: &'static [&'static str],
    /// Share of the zone's firms, in parts.
    pub weight: u32,
    /// How busy January to December are; 1 is the mean of the year.
    pub months: [f64; 12],
    /// Positions in [`SKILLS`] and how often each is wanted or to spare.
    pub skills: &'static [(usize, u32)],
    /// Whether order cycles of six to ten weeks come on top of the season.
    pub cycles: bool,
}

const GENERAL: usize = 0;
const PACKING: usize = 1;
const BAKING: usize = 2;
const BOTTLING: usize = 3;
const MACHINE_ASSEMBLY: usize = 4;
const ELECTRONIC_ASSEMBLY: usize = 5;
const QUALITY: usize = 6;
const LABORATORY: usize = 7;
const FORKLIFT: usize = 8;
const SORTING: usize = 9;
const LOADING: usize = 10;
const DRIVING: usize = 11;
const WELDING: usize = 12;
const ELECTRICS: usize = 13;
const REPAIR: usize = 14;
const MACHINING: usize = 15;
const PHARMACY: usize = 16;
const SERVICE_LINE: usize = 17;
const SHOP: usize = 18;
const WAITING: usize = 19;

/// The trades of the zone, in five alliances.
pub(super) const TRADES: [Trade; 6] = [
    Trade {
        alliance: "智能制造",
        suffixes: &["机械", "装备", "精工", "电子", "智能科技"],
        weight: 28,
        months: [0.95, 0.60, 1.10, 1.00, 1.00, 1.10, 0.95, 0.95, 1.10, 1.00, 1.05, 1.20],
        skills: &[
            (GENERAL, 14),
            (MACHINE_ASSEMBLY, 16),
            (ELECTRONIC_ASSEMBLY, 16),
            (WELDING, 12),
            (MACHINING, 14),
            (ELECTRICS, 8),
            (REPAIR, 10),
            (QUALITY, 8),
            (FORKLIFT, 4),
        ],
        cycles: true,
    },
    Trade {
        alliance: "食品饮料",
        suffixes: &["食品", "糕点", "烘焙", "粮油"],
        weight: 16,
        months: [1.25, 0.70, 0.85, 0.85, 0.90, 0.90, 1.00, 1.20, 1.30, 0.90, 0.95, 1.20],
        skills: &[
            (GENERAL, 12),
            (PACKING, 22),
            (BAKING, 28),
            (SORTING, 8),
            (QUALITY, 8),
            (LOADING, 10),
            (FORKLIFT, 6),
            (DRIVING, 6),
        ],
        cycles: false,
    },
    Trade {
        alliance: "食品饮料",
        suffixes: &["饮料", "饮品", "乳业"],
        weight: 12,
        months: [0.85, 0.70, 0.90, 1.05, 1.20, 1.30, 1.30, 1.20, 0.95, 0.85, 0.80, 0.90],
        skills: &[
            (GENERAL, 10),
            (PACKING, 18),
            (BOTTLING, 34),
            (QUALITY, 8),
            (LOADING, 12),
            (FORKLIFT, 10),
            (DRIVING, 8),
        ],
        cycles: false,
    },
    Trade {
        alliance: "信息技术",
        suffixes: &["信息", "电商", "云仓", "数据"],
        weight: 14,
        months: [1.00, 0.65, 0.85, 0.90, 1.00, 1.25, 0.90, 0.90, 1.00, 1.05, 1.45, 1.05],
        skills: &[(SORTING, 28), (SERVICE_LINE, 26), (SHOP, 20), (LOADING, 12), (FORKLIFT, 6), (DRIVING, 8)],
        cycles: false,
    },
    Trade {
        alliance: "现代服务",
        suffixes: &["酒店", "餐饮", "物业", "物流"],
        weight: 18,
        months: [0.95, 0.90, 0.85, 1.00, 1.10, 0.95, 1.10, 1.10, 1.05, 1.20, 0.90, 0.90],
        skills: &[
            (WAITING, 42),
            (SERVICE_LINE, 14),
            (SORTING, 14),
            (DRIVING, 14),
            (LOADING, 10),
            (ELECTRICS, 6),
        ],
        cycles: false,
    },
    Trade {
        alliance: "生物医药",
        suffixes: &["药业", "生物", "医疗器械"],
        weight: 12,
        months: [1.10, 0.85, 1.00, 0.95, 0.95, 0.95, 0.85, 0.90, 1.00, 1.05, 1.15, 1.25],
        skills: &[(PHARMACY, 38), (LABORATORY, 18), (QUALITY, 16), (PACKING, 16), (REPAIR, 6), (GENERAL, 6)],
        cycles: false,
    },
];

/// A skill of the catalogue.
pub(super) struct SkillEntry {
    pub id: &'static str,
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// Of the national classification of occupations.
    pub code: &'static str,
    /// The certificate that the work demands.
    pub certificate: Option<&'static str>,
    /// CNY a day: low, middle, high.
    pub pay: [i64; 3],
    /// Skilled work is wanted in ones and twos, not in dozens.
    pub skilled: bool,
}

/// Certificate of health, which work with food and medicine demands.
pub(super) const HEALTH: &str = "健康证";

macro_rules! skill {
    ($id:literal, $name:literal, [$($alias:literal),*], $code:literal, $certificate:expr, $pay:expr, $skilled:literal) => {
        SkillEntry {
            id: $id,
            name: $name,
            aliases: &[$($alias),*],
            code: $code,
            certificate: $certificate,
            pay: $pay,
            skilled: $skilled,
        }
    };
}

/// Twenty skills with codes and pay.
pub(super) const SKILLS: [SkillEntry; 20] = [
    skill!("K01", "普工", ["操作工", "小时工"], "6-99-00-00", None, [115, 140, 160], false),
    skill!("K02", "包装工", ["打包工"], "6-31-05-00", None, [115, 140, 165], false),
    skill!("K03", "糕点烘焙工", ["烘焙工", "食品生产工"], "6-02-01-01", Some(HEALTH), [120, 145, 170], false),
    skill!("K04", "饮料灌装工", ["灌装工"], "6-02-06-09", Some(HEALTH), [125, 150, 175], false),
    skill!("K05", "机械装配工", ["装配钳工"], "6-20-01-01", None, [140, 165, 195], false),
    skill!("K06", "电子装配工", ["电子装接工"], "6-25-04-07", None, [130, 155, 180], false),
    skill!("K07", "质检员", ["检验员", "品检"], "6-31-03-05", None, [140, 165, 190], false),
    skill!("K08", "化验员", ["实验员"], "6-31-03-01", None, [150, 180, 220], true),
    skill!("K09", "叉车工", ["叉车司机"], "6-30-05-01", Some("叉车证N1"), [170, 195, 230], true),
    skill!("K10", "分拣理货员", ["分拣员", "理货员"], "4-02-06-02", None, [130, 150, 180], false),
    skill!("K11", "装卸工", ["搬运工"], "4-02-05-01", None, [170, 200, 240], false),
    skill!("K12", "货车司机", ["司机"], "4-02-02-02", Some("货运从业资格证"), [180, 215, 260], true),
    skill!("K13", "焊工", ["电焊工"], "6-18-02-04", Some("焊接与热切割作业证"), [220, 260, 320], true),
    skill!("K14", "电工", ["维修电工"], "6-31-01-03", Some("低压电工作业证"), [190, 225, 270], true),
    skill!("K15", "机修钳工", ["机修工"], "6-31-01-02", None, [200, 235, 280], true),
    skill!("K16", "数控机床操作工", ["数控车工", "CNC"], "6-18-01-07", None, [200, 240, 290], true),
    skill!("K17", "药品生产工", ["药物制剂工"], "6-12-03-00", Some(HEALTH), [140, 165, 195], false),
    skill!("K18", "客服", ["呼叫中心服务员"], "4-04-05-03", None, [130, 150, 180], false),
    skill!("K19", "电商运营", ["电子商务师"], "4-01-06-01", None, [180, 220, 280], true),
    skill!("K20", "餐厅服务员", ["服务员"], "4-03-02-05", Some(HEALTH), [115, 135, 155], false),
];

/// Who may do what after training: from, to, CNY per worker who starts.
pub(super) const SUBSTITUTIONS: [(usize, usize, i64); 18] = [
    (GENERAL, PACKING, 80),
    (GENERAL, SORTING, 80),
    (GENERAL, ELECTRONIC_ASSEMBLY, 300),
    (PACKING, BAKING, 120),
    (PACKING, BOTTLING, 150),
    (BAKING, PACKING, 80),
    (BOTTLING, PACKING, 80),
    (SORTING, LOADING, 60),
    (ELECTRONIC_ASSEMBLY, GENERAL, 60),
    (MACHINE_ASSEMBLY, ELECTRONIC_ASSEMBLY, 200),
    (WAITING, SORTING, 120),
    (WAITING, SERVICE_LINE, 350),
    (LABORATORY, QUALITY, 150),
    (QUALITY, LABORATORY, 400),
    (PHARMACY, BAKING, 120),
    (FORKLIFT, LOADING, 60),
    (REPAIR, ELECTRICS, 500),
    (SHOP, SERVICE_LINE, 150),
];

/// First and second characters of the names of firms, all of them made up.
pub(super) const NAMES: ([&str; 24], [&str; 24]) = (
    [
        "晨", "云", "禾", "景", "瑞", "泽", "恒", "启", "盛", "嘉", "润", "宏", "远", "明", "安", "兴", "正",
        "和", "川", "岳", "森", "海", "星", "源",
    ],
    [
        "禾", "岭", "川", "岸", "原", "峰", "泉", "石", "林", "舟", "帆", "田", "野", "桥", "湾", "月", "光",
        "程", "曦", "朗", "溪", "柏", "竹", "霖",
    ],
);
