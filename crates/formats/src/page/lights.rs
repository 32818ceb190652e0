//! The compliance lights of a plan, counted by what they are about.

use std::collections::BTreeMap;

use maud::{Markup, html};
use tiaoji_core::compliance::{Concern, Level, lights};

use super::facts::Facts;
use super::table::{Cell, Table};
use crate::messages::{concern_name, concern_source, level_name};

impl Facts<'_> {
    pub(super) fn lights(&self) -> Markup {
        let mut counts: BTreeMap<Concern, [i64; 2]> = BTreeMap::new();
        for light in lights(self.scenario, &self.claims) {
            counts.entry(light.concern).or_default()[usize::from(light.level == Level::Amber)] += 1;
        }
        if counts.is_empty() {
            return html! { p { (self.say("No light is on.", "没有需要提示的事项。")) } };
        }
        let rows = counts.into_iter().map(|(concern, [red, amber])| -> Vec<Cell> {
            let source = Cell::Wide(concern_source(concern));
            vec![concern_name(concern, self.language).into(), red.into(), amber.into(), source]
        });
        let table = Table {
            caption: self.say("Lights by what they are about", "各类提示"),
            heads: vec![
                (self.say("About", "事项"), false),
                (level_name(Level::Red, self.language), true),
                (level_name(Level::Amber, self.language), true),
                (self.say("Rule and source", "规则与依据"), false),
            ],
            rows: rows.collect(),
            more: 0,
        };
        html! { (self.table(&table)) }
    }
}
