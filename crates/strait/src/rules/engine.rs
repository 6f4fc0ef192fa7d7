//! `check`: the order of evaluation, one trace line at least a step.

use super::conclude::us_verdict;
use super::jurisdiction::jurisdiction;
use super::{
    ChinaState, Citation, Instrument, Jurisdiction, LawBook, License, Practice, Region, Review, RulesError,
    Step, SupplyEffect, Ternary, TraceLine, Transaction, UsVerdict, Verdict, china, metrics,
};
use crate::catalog::Chip;
use crate::figure::{Need, When};
use crate::scenario::Side;

/// One question with everything derived from it that the steps share.
pub(crate) struct Asked<'b> {
    pub(crate) book: &'b LawBook,
    pub(crate) chip: &'b Chip,
    pub(crate) designer: Option<&'b str>,
    pub(crate) foundry: Option<&'b str>,
    pub(crate) tx: &'b Transaction,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) headquarters: String,
    pub(crate) parent: String,
    /// Country groups of destination, headquarters and parent on the day asked.
    groups: [Vec<&'b str>; 3],
    /// US instruments that bind, or may, on the day asked.
    pub(crate) active: Vec<(&'b Instrument, Ternary)>,
    pub(crate) trace: Vec<TraceLine>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) needs: Vec<Need>,
    pub(crate) assumed: Vec<String>,
}

impl<'b> Asked<'b> {
    pub(crate) fn datacenter(&self) -> Option<bool> {
        self.chip.market.datacenter.as_ref().map(|d| d.value)
    }

    /// Whether a rule reaches this destination, or this headquarters or parent.
    pub(crate) fn reaches(&self, place: Option<&Region>, who: Option<&Region>) -> bool {
        let [to, headquarters, parent] = &self.groups;
        let holds = |region: &Region, country: &str, groups: &[&str]| {
            region.holds(super::places::for_us(country), &|group| groups.contains(&group))
        };
        place.is_some_and(|r| holds(r, &self.to, to))
            || who
                .is_some_and(|r| holds(r, &self.headquarters, headquarters) || holds(r, &self.parent, parent))
    }

    pub(crate) fn trace(&mut self, step: Step, by: Option<(&Instrument, &str)>, found: String) {
        let line = TraceLine {
            step,
            instrument: by.map(|(i, _)| i.id.clone()),
            paragraph: by.map(|(_, p)| p.to_owned()).filter(|p| !p.is_empty()),
            found,
        };
        if !self.trace.contains(&line) {
            self.trace.push(line);
        }
    }

    pub(crate) fn cite(&mut self, instrument: &Instrument, paragraph: &str) {
        let known = self.citations.iter().position(|c| c.instrument == instrument.id);
        let at = known.unwrap_or_else(|| {
            self.citations.push(Citation {
                instrument: instrument.id.clone(),
                title: instrument.title.clone(),
                cite: instrument.cite.short().map(str::to_owned),
                paragraphs: Vec::new(),
                form: instrument.form.as_str().to_owned(),
                source: instrument.source.get_ref().clone(),
                grade: instrument.grade,
            });
            self.citations.len() - 1
        });
        let paragraphs = &mut self.citations[at].paragraphs;
        if !paragraph.is_empty() && !paragraphs.iter().any(|p| p == paragraph) {
            paragraphs.push(paragraph.to_owned());
        }
    }

    fn in_china(&self) -> bool {
        matches!(self.to.as_str(), "CN" | "HK" | "MO")
    }

    fn chinese_maker(&self) -> bool {
        self.designer.is_some_and(|c| matches!(c, "CN" | "HK" | "MO"))
    }
}

impl LawBook {
    /// What the law says of a transaction.
    ///
    /// `designer_country` and `foundry_country` are ISO codes from the register of makers; `None` where
    /// not known.
    ///
    /// # Errors
    /// An unknown country, or two instruments that contradict one another.
    pub fn check(
        &self,
        chip: &Chip,
        designer_country: Option<&str>,
        foundry_country: Option<&str>,
        tx: &Transaction,
    ) -> Result<Verdict, RulesError> {
        let mut asked = self.asked(chip, designer_country, foundry_country, tx)?;
        let cases = metrics::cases(chip);
        let jurisdiction = jurisdiction(&mut asked);
        let all = metrics::hull(&cases);
        let shown = all.display(chip);
        let text = shown.tpp.as_ref().map_or_else(
            || "tpp not known".to_owned(),
            |t| format!("tpp {} ({} to {})", t.value, t.low, t.high),
        );
        asked.trace(Step::Metrics, None, text);
        let us = us_verdict(&mut asked, jurisdiction, &cases, &all)?;
        let cn = china::verdict(&mut asked);
        let practice = practice(&asked);
        let supply_effect = supply(&asked, &us, cn.state);
        let announced = chip.market.announced.as_ref().map(|a| a.value);
        let stale = tx
            .on
            .since(self.verified_through)
            .map_or(0, |span| i64::from(span.get_days()));
        Ok(Verdict {
            chip: chip.id.0.clone(),
            to: asked.to.clone(),
            on: tx.on,
            known: tx.known,
            hypothetical: announced.is_none_or(|a| a.first() > tx.on),
            metrics: shown,
            us,
            cn,
            supply_effect,
            practice,
            needs: asked.needs,
            assumed: asked.assumed,
            verified_through: self.verified_through,
            stale_days: stale.max(0),
            trace: asked.trace,
            citations: asked.citations,
        })
    }

    fn asked<'b>(
        &'b self,
        chip: &'b Chip,
        designer: Option<&'b str>,
        foundry: Option<&'b str>,
        tx: &'b Transaction,
    ) -> Result<Asked<'b>, RulesError> {
        let mut assumed = Vec::new();
        let to = self.places.resolve(&tx.to)?;
        let mut from = self.places.resolve(&tx.from)?;
        let headquarters = match &tx.headquarters {
            Some(typed) => self.places.resolve(typed)?,
            None => {
                assumed.push(format!("the end user is headquartered in {to}"));
                to.clone()
            }
        };
        let parent = match &tx.parent {
            Some(typed) => self.places.resolve(typed)?,
            None => {
                assumed.push(format!("its ultimate parent is headquartered in {headquarters}"));
                headquarters.clone()
            }
        };
        if let Some(designer) = designer.filter(|c| *c != "US" && from == "US") {
            assumed.push(format!(
                "it leaves from {designer}, where its maker is, not from the US"
            ));
            from = designer.to_owned();
        }
        let active = self
            .instruments
            .iter()
            .filter(|i| i.side == Side::Us)
            .map(|i| (i, i.binds_on(tx.on, tx.known, tx.codified)))
            .filter(|(_, held)| held.is_possible())
            .collect();
        let groups = [&to, &headquarters, &parent].map(|c| self.places.groups_of(c, tx.on));
        Ok(Asked {
            book: self,
            groups,
            chip,
            designer,
            foundry,
            tx,
            to,
            from,
            headquarters,
            parent,
            active,
            trace: Vec::with_capacity(16),
            citations: Vec::new(),
            needs: Vec::new(),
            assumed,
        })
    }
}

fn practice(asked: &Asked<'_>) -> Vec<Practice> {
    if !asked.in_china() {
        return Vec::new();
    }
    let (tx, chip) = (asked.tx, asked.chip);
    let mut rows: Vec<(When, Practice)> = Vec::new();
    for instrument in &asked.book.instruments {
        for row in &instrument.practice {
            let about = (row.families.is_empty() || row.families.contains(&chip.family))
                && (row.vendors.is_empty() || row.vendors.contains(&chip.vendor));
            if about && row.known_from.unwrap_or(row.when).last() <= tx.known && row.when.first() <= tx.on {
                let source = row.source.as_ref().unwrap_or(instrument.source.get_ref());
                rows.push((
                    row.when,
                    Practice {
                        id: instrument.id.clone(),
                        when: row.when.to_string(),
                        what: row.what.clone(),
                        source: source.clone(),
                        grade: row.grade.unwrap_or(instrument.grade),
                    },
                ));
            }
        }
    }
    rows.sort_by_key(|(when, _)| *when);
    rows.into_iter().map(|(_, practice)| practice).collect()
}

/// What the supplier can do, for `market`.
fn supply(asked: &Asked<'_>, us: &UsVerdict, china: ChinaState) -> SupplyEffect {
    if china == ChinaState::Banned && !china::is_grey(asked.tx.channel) {
        return SupplyEffect::Blocked;
    }
    if asked.chinese_maker() && asked.in_china() && us.jurisdiction != Jurisdiction::Yes {
        return SupplyEffect::NotBound;
    }
    let by_us = match (us.license, us.review) {
        (License::Required, Some(Review::PresumptionOfDenial)) => SupplyEffect::Blocked,
        (License::Required | License::ExceptionAvailable | License::Unknown, _) => SupplyEffect::Licensed,
        (License::NoneFound | License::NotSubject | License::NotInForce, _) => SupplyEffect::Open,
    };
    if china == ChinaState::Quota && by_us != SupplyEffect::Blocked {
        return SupplyEffect::Quota;
    }
    by_us
}
