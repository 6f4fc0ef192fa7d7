//! Where the end user and its parent sit: asked for where nobody stated it and it would turn the answer.
//!
//! Countries that no row tells apart are one case; each case is asked again once.

use crate::figure::{Flip, Need};
use crate::rules::answer::again::Outcome;
use crate::rules::chip::item::Item;
use crate::rules::deal::ask::Ask;
use crate::rules::law::day::LawDay;
use crate::rules::law::live::Live;
use crate::rules::steps::classify::base;
use crate::rules::steps::findings::Findings;
use crate::rules::steps::review::is_item;
use crate::rules::words::countries::Countries;
use crate::rules::{DealFact, Region, Transaction};
use std::borrow::Cow;

/// Countries that no row tells apart, by one of them.
struct Case<'p> {
    one: &'p str,
    within: u64,
}

/// Which of the two is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    /// Headquarters; the parent follows where it is not stated.
    Headquarters,
    /// The ultimate parent alone: the headquarters are stated.
    Parent,
}

impl Party {
    /// A word for tables: the column that states it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Headquarters => "hq",
            Self::Parent => "parent",
        }
    }

    fn unstated(tx: &Transaction) -> Option<Self> {
        match (&tx.headquarters, &tx.parent) {
            (None, _) => Some(Self::Headquarters),
            (Some(_), None) => Some(Self::Parent),
            (Some(_), Some(_)) => None,
        }
    }

    fn stated(self, tx: &Transaction, country: &str) -> Transaction {
        let mut tx = tx.clone();
        match self {
            Self::Headquarters => tx.headquarters = Some(country.to_owned()),
            Self::Parent => tx.parent = Some(country.to_owned()),
        }
        tx
    }
}

/// Countries that rows tell apart by the end user's headquarters, with the words of the rows.
type Sets<'b> = Vec<(Countries, Cow<'b, str>)>;

impl<'b> LawDay<'b> {
    /// Which party's country would turn the answer and is not stated.
    pub(crate) fn open_party(
        &self,
        item: &Item<'_>,
        tx: &Transaction,
        found: &Findings<'_>,
    ) -> Option<Party> {
        let party = Party::unstated(tx)?;
        let sets = self.party_sets(item, tx, found);
        if sets.is_empty() {
            return None;
        }
        let now = Outcome::of(found);
        let turns = |case: &Case<'_>| {
            self.outcome(item, &party.stated(tx, case.one))
                .is_some_and(|then| then != now)
        };
        self.told_apart(&sets).iter().any(turns).then_some(party)
    }

    /// The same in words, with what each country would make of the answer.
    pub(crate) fn party_need(&self, item: &Item<'_>, tx: &Transaction, found: &Findings<'_>) -> Option<Need> {
        let party = self.open_party(item, tx, found)?;
        let sets = self.party_sets(item, tx, found);
        let now = Outcome::of(found);
        let mut turned: Vec<(Outcome, Vec<String>)> = Vec::new();
        for case in self.told_apart(&sets) {
            let Some(then) = self.outcome(item, &party.stated(tx, case.one)) else {
                continue;
            };
            let all = self.countries(&case, &sets);
            match turned.iter_mut().find(|(known, _)| *known == then) {
                _ if then == now => {}
                Some((_, countries)) => countries.extend(all),
                None => turned.push((then, all)),
            }
        }
        let flips = turned.into_iter().map(|(then, mut countries)| {
            countries.sort();
            Flip {
                when: self.named(&countries, &sets),
                then: then.against(&now),
            }
        });
        let (fact, flag) = match party {
            Party::Headquarters => (
                "where the end user and its ultimate parent are headquartered",
                "--hq and --parent",
            ),
            Party::Parent => (
                "where the end user's ultimate parent is headquartered",
                "--parent",
            ),
        };
        Some(Need {
            fact: fact.to_owned(),
            flag: Some(flag.to_owned()),
            why: "requirements and review follow the parties, wherever the item goes; taken as the destination's own"
                .to_owned(),
            flips: flips.collect(),
        })
    }

    /// Rows that speak of this item and would reach it by the party alone.
    fn party_sets(&self, item: &Item<'_>, tx: &Transaction, found: &Findings<'_>) -> Sets<'b> {
        let mut sets: Sets<'b> = Vec::new();
        let Ok(ask) = Ask::new(tx, item, &self.book.places, &mut Vec::new()) else {
            return sets;
        };
        let mut add = |set: Option<Countries>, words: Cow<'b, str>| {
            if let Some(set) = set
                && !sets.iter().any(|(known, _)| *known == set)
            {
                sets.push((set, words));
            }
        };
        fn words(region: Option<&Region>) -> Cow<'_, str> {
            Cow::Borrowed(region.map_or("", Region::as_str))
        }
        let possible = &found.combinations;
        for live in self.require.iter().filter(|l| away(l, &ask)) {
            if possible
                .iter()
                .any(|(_, _, class)| live.row.classes.contains(&base(class.0)))
            {
                add(live.reach.who, words(live.row.who.as_ref()));
            }
        }
        let ours = |vendor: &Option<String>| vendor.as_ref().is_none_or(|v| *v == item.chip.vendor);
        for live in self
            .product
            .iter()
            .filter(|l| away(l, &ask) && ours(&l.row.vendor))
        {
            add(live.reach.who, words(live.row.who.as_ref()));
        }
        let about = |items| {
            possible
                .iter()
                .any(|(_, datacenter, class)| is_item(items, class.0, *datacenter))
        };
        for live in self.review.iter().filter(|l| away(l, &ask) && about(l.row.items)) {
            add(live.reach.who, words(live.row.who.as_ref()));
        }
        for live in self.jurisdiction.iter().filter(|l| away(l, &ask)) {
            if live.row.items.is_empty() || live.row.items.iter().any(|items| about(*items)) {
                add(live.reach.who, words(live.row.who.as_ref()));
            }
        }
        for live in self.exception.iter().filter(|l| about(l.row.items)) {
            add(live.reach.who, words(live.row.who.as_ref()));
            let by_party = live.row.conditions.iter();
            for row in by_party.filter(|c| c.field == Some(DealFact::Headquarters)) {
                let text = row.none_of.join(" or ");
                let set = Region::parse(&text).ok().map(|region| {
                    region.countries(&|group| self.group(group), &|code| self.book.places.id(code))
                });
                add(set, Cow::Owned(text));
            }
        }
        sets
    }

    /// One country of each case.
    fn told_apart(&self, sets: &Sets<'_>) -> Vec<Case<'_>> {
        let mut cases: Vec<Case<'_>> = Vec::new();
        for code in self.book.places.codes() {
            let Some(within) = self.within(code, sets) else {
                continue;
            };
            if !cases.iter().any(|known| known.within == within) {
                cases.push(Case { one: code, within });
            }
        }
        cases
    }

    /// Every country of a case.
    fn countries(&self, case: &Case<'_>, sets: &Sets<'_>) -> Vec<String> {
        let same = |code: &&String| self.within(code, sets) == Some(case.within);
        self.book.places.codes().iter().filter(same).cloned().collect()
    }

    /// In which of the sets a country lies, a bit each; rows tell apart far fewer than sixty-four.
    fn within(&self, code: &str, sets: &Sets<'_>) -> Option<u64> {
        let id = self.book.places.id(code)?;
        let bits = sets.iter().take(64).enumerate();
        Some(bits.fold(0, |all, (n, (set, _))| all | u64::from(set.contains(id)) << n))
    }

    /// `in D:5 or MO (AF, BY, …)`, or the countries alone, or those outside a region.
    fn named(&self, countries: &[String], sets: &Sets<'_>) -> String {
        let members = |inside: bool, set: &Countries| -> Vec<&String> {
            let is = |code: &&String| {
                self.book
                    .places
                    .id(code)
                    .is_some_and(|id| set.contains(id) == inside)
            };
            self.book.places.codes().iter().filter(is).collect()
        };
        let same = |all: Vec<&String>| all.into_iter().eq(countries.iter());
        for (set, words) in sets {
            if same(members(true, set)) {
                return format!("in {words} ({})", countries.join(", "));
            }
            if same(members(false, set)) {
                return format!("outside {words}");
            }
        }
        format!("in {}", countries.join(", "))
    }
}

/// Whether a row reaches by party and does not reach this transaction yet.
fn away<R>(live: &Live<'_, R>, ask: &Ask<'_>) -> bool {
    live.reach.who.is_some() && !live.reach.of(ask)
}
