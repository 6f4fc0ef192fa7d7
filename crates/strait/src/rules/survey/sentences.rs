//! A chip's history in two sentences, one for the United States and one for the China side: put together from
//! its timeline, the instruments behind it and what they report beside the law. No sentence is written in advance.

use crate::catalog::Chip;
use crate::figure::When;
use crate::rules::survey::timeline::{TimelineEvent, Watched};
use crate::rules::{
    ChinaState, Instrument, LawBook, Levy, LevyKind, License, Review, Ternary, Transaction, Verdict,
};
use crate::scenario::Side;
use jiff::civil::Date;

impl LawBook {
    /// What changed for this chip and destination up to `base.on`, as known on `base.known`: a sentence on the
    /// United States, a sentence on the China side. Days before the chip was announced are left out.
    pub fn sentences(
        &self,
        chip: &Chip,
        designer_country: Option<&str>,
        base: &Transaction,
    ) -> Option<[String; 2]> {
        let announced = chip.market.announced.as_ref().map(|a| a.value);
        let start = announced
            .map_or(self.first_instrument, When::first)
            .max(self.first_instrument);
        let at = |on: Date| {
            let tx = Transaction { on, ..base.clone() };
            self.check(chip, designer_country, None, &tx).ok()
        };
        let (first, last) = (at(start)?, at(base.on)?);
        let events: Vec<TimelineEvent> = self
            .timeline(chip, designer_country, base)
            .into_iter()
            .filter(|event| event.on > start && event.on <= base.on)
            .collect();
        let turns = |differs: fn(&Watched, &Watched) -> bool| -> Vec<(Date, Verdict)> {
            let days = events
                .iter()
                .filter(|e| differs(&e.before, &e.after))
                .map(|e| e.on);
            days.filter_map(|day| Some((day, at(day)?))).collect()
        };
        let us = turns(|was, is| (was.license, was.review) != (is.license, is.review));
        let cn = turns(|was, is| was.cn_state != is.cn_state);
        let to = self.places.name(&base.to).unwrap_or(&base.to);
        let since = announced.map_or_else(
            || format!("from {start}"),
            |day| match start > day.first() {
                true => format!("announced {day}, from {start}"),
                false => format!("from its announcement ({day})"),
            },
        );
        let mut told = vec![format!("{since} {}", licensed(&first))];
        for (day, verdict) in &us {
            let by = self.behind_license(verdict, *day);
            told.push(format!("from {day} {}{by}", licensed(verdict)));
        }
        told.extend(levies(&last));
        let reports = self.reports(chip, base);
        if !reports.is_empty() {
            told.push(format!("beside the law, {}", reports.join(", and ")));
        }
        let name = chip.name.split(',').next().unwrap_or(&chip.name);
        let united = format!("United States: {name} to {to}, {}.", told.join("; "));
        let mut told = vec![format!("{since} {}", stated(&first))];
        let mut cn = cn.iter().peekable();
        while let Some((day, verdict)) = cn.next() {
            // Days that a report gives only roughly: unknown first, then what the same report says.
            let vague = verdict.cn.state == ChinaState::Unknown;
            let next =
                cn.next_if(|(_, then)| vague && then.cn.why.iter().any(|id| verdict.cn.why.contains(id)));
            told.push(match next {
                Some((until, then)) => format!("from a day between {day} and {until} on {}", stated(then)),
                None => format!("from {day} {}", stated(verdict)),
            });
        }
        let buyer = last.cn.segment.words();
        let hedge = match last.cn.published {
            Some(false) => ", as reported of texts nobody has published",
            _ => "",
        };
        Some([
            united,
            format!("China, for a {buyer} buyer{hedge}: {}.", told.join("; ")),
        ])
    }

    /// ` (letter-x, public only on 2025-04-15)`: the instruments that decide, those public only later said so.
    fn behind_license(&self, verdict: &Verdict, day: Date) -> String {
        let mut found: Vec<String> = Vec::new();
        for id in &verdict.us.why {
            let known = self.instrument(id).and_then(|i| i.dates.known_from);
            found.push(match known {
                Some(known) if known.first() > day => format!("{id}, public only on {known}"),
                _ => id.clone(),
            });
        }
        bracket(&found)
    }

    /// What US instruments report of this very family, beside the law.
    fn reports(&self, chip: &Chip, base: &Transaction) -> Vec<String> {
        let ours = |i: &&Instrument| i.side == Side::Us;
        let mut rows: Vec<(When, String)> = Vec::new();
        for instrument in self.instruments.iter().filter(ours) {
            for row in instrument
                .practice
                .iter()
                .filter(|r| r.families.contains(&chip.family))
            {
                let known = row.known_from.unwrap_or(row.when).last() <= base.known;
                if known && row.when.first() <= base.on {
                    let text = format!(
                        "{} ({}: {})",
                        row.what.replace("; ", ", "),
                        instrument.id,
                        row.when
                    );
                    rows.push((row.when, text));
                }
            }
        }
        rows.sort_by_key(|(when, _)| *when);
        rows.into_iter().map(|(_, text)| text).collect()
    }
}

fn bracket(ids: &[String]) -> String {
    if ids.is_empty() {
        String::new()
    } else {
        format!(" ({})", ids.join(", "))
    }
}

fn licensed(verdict: &Verdict) -> String {
    let says = match verdict.us.license {
        License::Required => "it needs a license",
        License::ExceptionAvailable => "a license exception can stand in for the license",
        License::NoneFound => "no license was found to be needed",
        License::NotSubject => "it was not subject to the EAR",
        License::NotInForce => "no control was in force",
        License::Unknown => "it is unknown whether it needs a license",
    };
    let review = match verdict.us.review {
        None | Some(Review::Unknown) => return says.to_owned(),
        Some(Review::NotStated) => "under a review policy no source states",
        Some(Review::PresumptionOfDenial) => "reviewed with a presumption of denial",
        Some(Review::CaseByCase) => "reviewed case by case",
        Some(Review::CaseByCaseIfConditions) => "reviewed case by case where its conditions are shown",
        Some(Review::PresumptionOfApproval) => "reviewed with a presumption of approval",
    };
    format!("{says}, {review}")
}

fn stated(verdict: &Verdict) -> String {
    let says = match verdict.cn.state {
        ChinaState::None => "nothing was found that stood in its way",
        ChinaState::Discouraged => "Beijing discouraged it",
        ChinaState::Conditional => "Beijing admitted it on conditions",
        ChinaState::Quota => "Beijing rationed it",
        ChinaState::Banned => "Beijing barred it",
        ChinaState::Unknown => "it is not known whether Beijing stood in its way",
    };
    format!("{says}{}", bracket(&verdict.cn.why))
}

/// Shares of revenue that come with the licenses; a duty arises elsewhere.
fn levies(verdict: &Verdict) -> Vec<String> {
    let due = |levy: &&Levy| levy.kind == LevyKind::RevenueShare && levy.applies != Ternary::No;
    let told = |levy: &Levy| {
        let percent = levy.rate.parse().unwrap_or(f64::NAN) * 100.0;
        format!("licenses come with {percent} % of {} ({})", levy.base, levy.id)
    };
    verdict.us.levies.iter().filter(due).map(told).collect()
}
