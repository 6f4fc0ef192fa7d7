//! Missing facts in words: what each would decide, how it is given, and what each value would make of the answer.

use crate::figure::{Flip, Need};
use crate::rules::answer::again::Outcome;
use crate::rules::answer::{conditions, figures};
use crate::rules::chip::item::Item;
use crate::rules::law::day::LawDay;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::open::Open;
use crate::rules::{Instrument, MetricName, PresumeRow, Transaction};

/// Every fact that is missing.
pub(crate) fn needs(found: &Findings<'_>, day: &LawDay<'_>, item: &Item<'_>, tx: &Transaction) -> Vec<Need> {
    let again = Again {
        day,
        item,
        tx,
        now: Outcome::of(found),
    };
    let mut all: Vec<Need> = found.open.iter().map(|open| again.need(open)).collect();
    all.extend(day.party_need(item, tx, found));
    all
}

/// The question as it was asked, and what it came to.
pub(crate) struct Again<'q> {
    pub(crate) day: &'q LawDay<'q>,
    pub(crate) item: &'q Item<'q>,
    pub(super) tx: &'q Transaction,
    pub(super) now: Outcome,
}

impl Again<'_> {
    fn need(&self, open: &Open<'_>) -> Need {
        let chip = &self.item.chip.id;
        let need = |fact: String, flag: Option<String>, why: &str, flips: Vec<Flip>| Need {
            fact,
            flag,
            why: why.to_owned(),
            flips,
        };
        let by = |flag: &str| Some(flag.to_owned());
        match open {
            Open::Datacenter => need(
                format!("whether {chip} is designed or marketed for data centers"),
                by("market.designed_or_marketed_for_datacenter in the chip's file"),
                "Note 2 and the notified license exceptions turn on it",
                [true, false].map(|is| self.datacenter(is)).into(),
            ),
            Open::Variant => need(
                format!("which variant of {chip} is sold"),
                by("the figure in a chip file of your own"),
                "its figures are disputed together",
                self.variants(),
            ),
            Open::Metric(metric) => {
                let (fact, file) = where_metric(*metric);
                need(
                    format!("{fact} of {chip}"),
                    by(file),
                    "a bound of the classification lies inside what is known",
                    figures::around(self, *metric),
                )
            }
            Open::ReviewLimit(metric, limit) => {
                let (fact, file) = where_metric(*metric);
                need(
                    format!("{fact} of {chip}: on which side of {} it lies", limit.normalize()),
                    by(file),
                    "the figure is an interval (disputed, or a width the text leaves open)",
                    figures::sides(self, *metric, *limit),
                )
            }
            Open::DirectProduct => need(
                "the fab and its tools' origin: whether the chip is a direct product of US technology, software or \
                 tools"
                    .to_owned(),
                by("--direct-product"),
                "it decides whether a foreign-made chip is subject to the EAR (734.9(e), (h), (i))",
                self.direct_product(),
            ),
            Open::UsContent => need(
                "the share of US-controlled content by value".to_owned(),
                by("--us-content"),
                "above de minimis a foreign-made chip is subject to the EAR (734.4)",
                self.content(),
            ),
            Open::Rebut(row) => self.rebut(row),
            Open::Letter(letter) => need(
                format!("whether `{}` means this chip and destination", letter.id),
                None,
                "the text is not public",
                self.letter(letter),
            ),
            Open::Except(except, paragraph) => need(
                format!("whether {}", except.what),
                Some(format!("--condition {}=yes", except.id)),
                &format!("{paragraph} excepts them"),
                self.stated(&except.id, ["yes", "no"]),
            ),
            Open::Condition(row) => need(
                row.what.clone(),
                conditions::flag(row),
                &format!("{} asks for it", row.paragraph),
                self.condition(row),
            ),
            Open::EndUse(trigger) => {
                let (fact, flag) = trigger.asks();
                need(
                    fact.to_owned(),
                    by(flag),
                    "part 744 may require a license where the list does not; taken as not so",
                    self.end_use(*trigger),
                )
            }
            Open::Designer => need(
                "the country of the chip's designer".to_owned(),
                by("designer_country in the chip's file"),
                "the China side binds foreign makers' chips",
                [("China", "CN"), ("elsewhere", "US")]
                    .map(|(when, country)| {
                        let other = Item {
                            designer: Some(country),
                            ..self.item.clone()
                        };
                        self.of(when, &other)
                    })
                    .into(),
            ),
            Open::Day(by) => need(
                format!("the day on which `{}` began or ceased to hold", by.id),
                None,
                &format!("it is known only as {}", loose_days(by)),
                vec![
                    flip("it held on the day asked", "its effect"),
                    flip("it did not", "as without it"),
                ],
            ),
            Open::Violation(live) => need(
                format!(
                    "whether {chip} was made in violation: its fab and packager, their tools, and any license for \
                     making it"
                ),
                None,
                &format!("`{}` presumes it; 736.2(b)(10) then forbids dealing in it unless authorized", live.by.id),
                vec![flip("it was", "required"), flip("it was not", "none_found")],
            ),
            Open::Host => need(
                "the ECCN of the system that holds the chip, before `.z`".to_owned(),
                by("--host"),
                "the .z items stand under each host's own ECCN",
                self.hosts(),
            ),
        }
    }

    fn rebut(&self, row: &PresumeRow) -> Need {
        let class = row.result.name();
        let flips = row.rebut_id.iter();
        let flips = flips.flat_map(|id| self.stated(id, ["shown", "not shown"]));
        Need {
            fact: row.rebut.clone(),
            flag: row.rebut_id.as_ref().map(|id| format!("--condition {id}=yes")),
            why: format!("{} presumes {class} of this exporter's logic dies", row.paragraph),
            flips: flips.collect(),
        }
    }
}

/// The fact behind a metric, and where it is written.
fn where_metric(metric: MetricName) -> (&'static str, &'static str) {
    match metric {
        MetricName::Tpp => ("dense peak", "peak rows in the chip's file"),
        MetricName::PerformanceDensity => (
            "area of the non-planar logic dies",
            "die areas in the chip's file",
        ),
        MetricName::HbmDensity => ("area of the stack's package", "package.area in the chip's file"),
        MetricName::MemoryBandwidth => ("memory bandwidth", "memory.bandwidth in the chip's file"),
        _ => ("link and host rates", "io in the chip's file"),
    }
}

/// The days of an instrument that are known only roughly.
fn loose_days(by: &Instrument) -> String {
    let rows = by.status.iter().map(toml::Spanned::get_ref);
    let days = rows.flat_map(|row| [Some(row.from), row.until]).flatten();
    let spans: Vec<String> = days
        .filter(|day| !day.is_exact())
        .map(|day| day.to_string())
        .collect();
    spans.join(" and ")
}

fn flip(when: &str, then: &str) -> Flip {
    Flip {
        when: when.to_owned(),
        then: then.to_owned(),
    }
}
