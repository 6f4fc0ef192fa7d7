//! What a scenario changes, in words: a line a change.

use super::{Comparator, LimbCondition, MarketChange, Scenario, Side, Verb};
use crate::figure::When;

/// `a`, `b` and `c`.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// When a change holds, after a comma; nothing where it always does.
fn span(from: Option<When>, until: Option<When>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!(", from {from} to {until}"),
        (Some(from), None) => format!(", from {from}"),
        (None, Some(until)) => format!(", until {until}"),
        (None, None) => String::new(),
    }
}

fn percent(part: f64) -> String {
    format!("{} %", (part * 1e4).round() / 1e2)
}

impl Scenario {
    /// Every change, a sentence without its stop each.
    pub fn provisions(&self) -> Vec<String> {
        let rules = &self.rules;
        let mut out: Vec<String> = (rules.without_side.iter())
            .map(|side| {
                let side = match side {
                    Side::Us => "US",
                    Side::Cn => "Chinese",
                };
                format!("Every {side} instrument is left out")
            })
            .collect();
        let verb = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
        if !rules.without.is_empty() {
            out.push(format!(
                "{} {} left out",
                list(&rules.without),
                verb(&rules.without)
            ));
        }
        if !rules.with.is_empty() {
            let (with, from) = (list(&rules.with), span(rules.with_from, None));
            let always = if from.is_empty() { ", on every day" } else { &from };
            out.push(format!("{with} {} in force{always}", verb(&rules.with)));
        }
        out.extend(rules.bounds.iter().map(|b| {
            let stood = b
                .from
                .as_ref()
                .map(|from| format!(" instead of {from}"))
                .unwrap_or_default();
            let (of, to) = (&b.metric, &b.to);
            format!(
                "{}, {}: {of} {} {to}{stood}",
                b.instrument,
                b.paragraph,
                than(b.comparator)
            )
        }));
        out.extend(rules.limbs.iter().map(|l| {
            let when: Vec<String> = l.when.iter().map(condition).collect();
            format!(
                "{}, `{}`: {} where {}",
                l.instrument,
                l.paragraph,
                l.result,
                when.join(" and ")
            )
        }));
        out.extend((self.figures.iter()).map(|f| {
            format!(
                "`{}` of `{}` is {}{}",
                f.figure,
                f.chip,
                f.value,
                span(f.from, None)
            )
        }));
        out.extend((self.prices.iter()).map(|p| {
            format!(
                "`{}` costs {} USD in {}{}",
                p.chip,
                p.usd,
                p.place,
                span(p.from, None)
            )
        }));
        out.extend(self.market.iter().map(MarketChange::words));
        out
    }
}

/// How a metric is compared.
fn than(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Ge => "of at least",
        Comparator::Gt => "above",
        Comparator::Lt => "below",
        Comparator::Le => "of at most",
    }
}

fn condition(c: &LimbCondition) -> String {
    let mut out = c.metric.clone().or_else(|| c.fact.clone()).unwrap_or_default();
    if let Some(is) = c.is {
        out.push_str(if is { " holds" } else { " does not hold" });
    }
    let bounds = [
        (Comparator::Ge, &c.ge),
        (Comparator::Gt, &c.gt),
        (Comparator::Lt, &c.lt),
        (Comparator::Le, &c.le),
    ];
    for (comparator, bound) in bounds {
        if let Some(bound) = bound {
            out.push_str(&format!(" {} {bound}", than(comparator)));
        }
    }
    out
}

impl MarketChange {
    /// What it changes, a sentence without its stop.
    fn words(&self) -> String {
        let goods = list(&self.goods);
        let buyers = if self.buyers.is_empty() {
            String::new()
        } else {
            format!(" for {}", list(&self.buyers))
        };
        let amount = self.amount.unwrap_or(f64::NAN);
        let what = match self.verb {
            // Abroad goes on what gets around it (`offshore_leak`).
            Verb::Ban if self.buyers.is_empty() => {
                format!("The US side blocks {goods} on the mainland, and abroad but for what leaks")
            }
            Verb::Ban => format!("The US side blocks {goods}{buyers}"),
            Verb::Allow => format!("The US side leaves {goods} open{buyers}"),
            Verb::License => format!("The US side licenses {goods} case by case{buyers}"),
            Verb::Add => {
                let price = self
                    .amount
                    .map(|usd| format!(" at {usd} USD where no price is known"));
                format!("On sale besides: {goods}{}", price.unwrap_or_default())
            }
            Verb::Cap => format!("At most {amount} a quarter of each of {goods}"),
            Verb::Flow => {
                format!("{amount} a quarter of {goods} together get through, as far as buyers take them")
            }
            Verb::Levy if amount == 0.0 => format!("The seller of {goods} pays no levy"),
            Verb::Levy => format!("The seller of {goods} pays {} of revenue", percent(amount)),
            Verb::Subsidy => format!(
                "Tokens per dollar of {goods} change by {}{buyers}",
                percent(amount)
            ),
            Verb::Guidance => {
                let does = match self.state.as_deref() {
                    Some("discouraged") => "discourages",
                    Some("conditional") => "sets conditions on",
                    Some("banned") => "bans",
                    _ => "is silent on",
                };
                format!("The Chinese side {does} {goods}{buyers}")
            }
            Verb::Supply => {
                let of = self.of.as_deref().unwrap_or("units");
                let whose = if goods.is_empty() {
                    String::new()
                } else {
                    format!(" of {goods}")
                };
                format!("Supply of {of}{whose} times {amount}")
            }
            Verb::Demand => format!("Budgets times {amount}"),
            Verb::Assume => format!(
                "`{}` is held at {} standard deviations of its prior",
                self.parameter.as_deref().unwrap_or_default(),
                self.score.unwrap_or(f64::NAN)
            ),
        };
        what + &span(self.from, self.until)
    }
}

#[cfg(test)]
mod tests {
    use crate::data::DataSet;
    use crate::scenario::Scenario;

    #[test]
    fn every_shipped_scenario_says_what_it_changes() {
        let data = DataSet::embedded();
        for file in data.below("scenarios/") {
            let scenario = Scenario::read(file.path, file.text).unwrap();
            let words = scenario.provisions();
            assert_eq!(words.is_empty(), scenario.is_baseline(), "{}", file.path);
            for line in words {
                assert!(
                    !line.contains("NaN") && !line.contains("``"),
                    "{}: {line}",
                    file.path
                );
            }
        }
    }

    #[test]
    fn a_ban_names_the_site_it_closes_or_the_buyers_it_holds_for() {
        let of = |more: &str| {
            let text = format!("[[market]]\nverb = \"ban\"\ngoods = [\"huawei\"]\n{more}");
            Scenario::read("s.toml", &text).unwrap().provisions().remove(0)
        };
        assert_eq!(
            of("from = \"2026-01\"\n"),
            "The US side blocks `huawei` on the mainland, and abroad but for what leaks, from 2026-01"
        );
        assert_eq!(
            of("buyers = [\"platforms\"]\n"),
            "The US side blocks `huawei` for `platforms`"
        );
    }

    #[test]
    fn changes_are_told_with_their_days() {
        let text = "[[figure]]\nchip = \"h20\"\nfigure = \"memory.bandwidth\"\nvalue = 2000\nfrom = \"2026-03\"\n\
            [[market]]\nverb = \"cap\"\ngoods = [\"h20\", \"mi308x\"]\namount = 5\nfrom = \"2026-01\"\nuntil = \"2026-06\"\n\
            [[market]]\nverb = \"levy\"\ngoods = [\"h20\"]\namount = 0.15\n\
            [rules]\nwith = [\"us-bill-safe-chips\"]\nwith_from = \"2026-02\"\n";
        assert_eq!(
            Scenario::read("s.toml", text).unwrap().provisions(),
            [
                "`us-bill-safe-chips` is in force, from 2026-02",
                "`memory.bandwidth` of `h20` is 2000, from 2026-03",
                "At most 5 a quarter of each of `h20` and `mi308x`, from 2026-01 to 2026-06",
                "The seller of `h20` pays 15 % of revenue",
            ]
        );
        let wrong = Scenario::read("s.toml", "[rules]\nwith_from = \"2026-02\"\n").unwrap_err();
        assert!(
            wrong.to_string().contains("from when nothing is in force"),
            "{wrong}"
        );
    }
}
