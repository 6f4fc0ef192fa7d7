//! What a difference from a baseline is put down to: the instruments that a part of the answer rested on, then
//! or now, and that said something else then. The law of the baseline's day is made again from the data of
//! today; an instrument whose text was another one is told by the hash that the baseline kept.

use super::decided::Decided;
use std::collections::{BTreeMap, HashMap};
use strait::rules::{AsOf, Aspect, LawBook, LawDay};

/// The law then and now.
#[derive(Debug)]
pub(super) struct Laws<'b> {
    law: &'b LawBook,
    days: HashMap<AsOf, LawDay<'b>>,
    /// Hashes of the instruments then; none in a baseline that kept none.
    then: Option<BTreeMap<String, String>>,
    now: BTreeMap<String, String>,
}

impl<'b> Laws<'b> {
    pub(super) fn new(law: &'b LawBook, then: Option<BTreeMap<String, String>>) -> Self {
        Self {
            law,
            days: HashMap::new(),
            then,
            now: crate::revision::of(law),
        }
    }

    /// Instruments behind one part of the answer that speak otherwise on the other side. `differ` are all the
    /// parts that differ.
    pub(super) fn causes(
        &mut self,
        aspect: Aspect,
        differ: &[Aspect],
        (old, new): (&Decided, &Decided),
    ) -> Vec<String> {
        let deeper = aspect.rests_on().iter().filter(|part| differ.contains(part));
        let parts: Vec<Aspect> = std::iter::once(&aspect).chain(deeper).copied().collect();
        let mut found: Vec<String> = Vec::new();
        for part in parts {
            let behind = |side: &Decided| side.rests_on.get(&part).cloned().unwrap_or_default();
            let (was, is) = (behind(old), behind(new));
            for id in is.iter().chain(&was) {
                let one_side = was.contains(id) != is.contains(id);
                if !found.contains(id) && self.turned(id, part, (old.as_of, new.as_of), one_side) {
                    found.push(id.clone());
                }
            }
        }
        found
    }

    /// Whether an instrument says something else then than now. Where a baseline does not tell what law it
    /// asked, all that is left is whether one answer alone rests on it.
    fn turned(&mut self, id: &str, part: Aspect, days: (Option<AsOf>, Option<AsOf>), one_side: bool) -> bool {
        let Some(then) = &self.then else { return one_side };
        if then.get(id) != self.now.get(id) {
            return true;
        }
        let (Some(old), Some(new)) = days else {
            return one_side;
        };
        for as_of in [old, new] {
            if let (false, Ok(day)) = (self.days.contains_key(&as_of), self.law.day(as_of)) {
                self.days.insert(as_of, day);
            }
        }
        match (self.days.get(&old), self.days.get(&new)) {
            (Some(old), Some(new)) => !old.agrees(new, id, part),
            _ => one_side,
        }
    }
}
