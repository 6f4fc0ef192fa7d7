//! The facts of a transaction by name: what a flag, a deal file or a row of a parts file may state.

use crate::rules::Transaction;
use crate::rules::deal::read::{
    BadFact, agree, read_condition, read_countries, read_day, read_percent, read_share, read_whole,
    read_yes_no,
};
use crate::rules::deal::word::read_word;
use std::fmt;

/// A fact that a flag, a deal file or a row may state; its name is the flag's, without the dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Fact {
    To,
    On,
    Known,
    KnownTo,
    From,
    Hq,
    Parent,
    Segment,
    Site,
    Channel,
    Listed,
    OwnedByListed,
    Use,
    RemoteUsers,
    Supercomputer,
    Military,
    Exporter,
    Quantity,
    ChinaToUsTpp,
    UsLaboratory,
    NotifiedDaysBefore,
    DirectProduct,
    UsContent,
    Host,
    Conditions,
    Codified,
}

impl Fact {
    /// Every fact, in the order of the flags.
    pub const ALL: [Self; 26] = [
        Self::To,
        Self::On,
        Self::Known,
        Self::KnownTo,
        Self::From,
        Self::Hq,
        Self::Parent,
        Self::Segment,
        Self::Site,
        Self::Channel,
        Self::Listed,
        Self::OwnedByListed,
        Self::Use,
        Self::RemoteUsers,
        Self::Supercomputer,
        Self::Military,
        Self::Exporter,
        Self::Quantity,
        Self::ChinaToUsTpp,
        Self::UsLaboratory,
        Self::NotifiedDaysBefore,
        Self::DirectProduct,
        Self::UsContent,
        Self::Host,
        Self::Conditions,
        Self::Codified,
    ];

    /// Its name, as the flag is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::On => "on",
            Self::Known => "known",
            Self::KnownTo => "known-to",
            Self::From => "from",
            Self::Hq => "hq",
            Self::Parent => "parent",
            Self::Segment => "segment",
            Self::Site => "site",
            Self::Channel => "channel",
            Self::Listed => "listed",
            Self::OwnedByListed => "owned-by-listed",
            Self::Use => "use",
            Self::RemoteUsers => "remote-users",
            Self::Supercomputer => "supercomputer",
            Self::Military => "military",
            Self::Exporter => "exporter",
            Self::Quantity => "quantity",
            Self::ChinaToUsTpp => "china-to-us-tpp",
            Self::UsLaboratory => "us-laboratory",
            Self::NotifiedDaysBefore => "notified-days-before",
            Self::DirectProduct => "direct-product",
            Self::UsContent => "us-content",
            Self::Host => "host",
            Self::Conditions => "conditions",
            Self::Codified => "codified",
        }
    }
}

impl Transaction {
    /// Sets one fact from text. Countries are taken as typed; whoever asks resolves them.
    ///
    /// # Errors
    /// Where the text is no such fact; says what is taken.
    pub fn set(&mut self, fact: Fact, text: &str) -> Result<(), BadFact> {
        let text = text.trim();
        match fact {
            Fact::To => text.clone_into(&mut self.to),
            Fact::From => self.from = Some(text.to_owned()),
            Fact::Hq => self.headquarters = Some(text.to_owned()),
            Fact::Parent => self.parent = Some(text.to_owned()),
            Fact::On => self.on = read_day(text)?,
            Fact::Known => self.known = read_day(text)?,
            Fact::KnownTo => self.known_to = read_word("knower", text)?,
            Fact::Segment => self.segment = read_word("segment", text)?,
            Fact::Site => self.site = Some(read_word("site", text)?),
            Fact::Channel => self.channel = read_word("channel", text)?,
            Fact::Listed => self.listed = read_word("result of screening", text)?,
            Fact::Use => self.use_ = Some(read_word("use", text)?),
            Fact::Exporter => self.exporter = read_word("exporter's role", text)?,
            Fact::OwnedByListed => self.owned_by_listed_percent = Some(read_share(text)?),
            Fact::ChinaToUsTpp => self.china_to_us_tpp_percent = Some(read_percent(text)?),
            Fact::RemoteUsers => self.remote_users = Some(read_countries(text.split([',', ';', '|']))),
            Fact::Supercomputer => self.supercomputer = Some(read_yes_no(text)?),
            Fact::Military => self.military = Some(read_yes_no(text)?),
            Fact::UsLaboratory => self.us_laboratory = Some(read_yes_no(text)?),
            Fact::Codified => self.codified = read_yes_no(text)?,
            Fact::Quantity => self.quantity = Some(read_whole("number of items", text)?),
            Fact::NotifiedDaysBefore => {
                self.notified_days_before = Some(read_whole("number of days", text)?);
            }
            Fact::DirectProduct => self.direct_product = Some(read_yes_no(text)?),
            Fact::UsContent => self.us_content_percent = Some(read_share(text)?),
            Fact::Host => self.host = Some(text.to_owned()),
            Fact::Conditions => {
                let each = text.split([',', ';', '|']).filter(|one| !one.trim().is_empty());
                let stated = each.map(read_condition).collect::<Result<Vec<_>, _>>()?;
                agree(&stated)?;
                self.conditions.extend(stated);
            }
        }
        Ok(())
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ChipId;

    #[test]
    fn every_fact_can_be_stated() {
        let day = read_day("2025-01-01").unwrap();
        let blank = Transaction::new(ChipId("x".into()), "", day, day);
        for fact in Fact::ALL {
            let text = match fact {
                Fact::KnownTo => "addressee",
                Fact::Host => "5A992",
                Fact::Conditions => "a=no; b",
                Fact::To | Fact::From | Fact::Hq | Fact::Parent | Fact::RemoteUsers => "SG",
                Fact::On | Fact::Known => "2026-01-01",
                Fact::Segment => "university",
                Fact::Site => "offshore",
                Fact::Channel => "grey",
                Fact::Listed => "meu",
                Fact::Use => "cloud",
                Fact::Exporter => "osat",
                Fact::OwnedByListed
                | Fact::ChinaToUsTpp
                | Fact::Quantity
                | Fact::NotifiedDaysBefore
                | Fact::UsContent => "7",
                Fact::Supercomputer
                | Fact::Military
                | Fact::UsLaboratory
                | Fact::DirectProduct
                | Fact::Codified => "yes",
            };
            let mut tx = blank.clone();
            tx.set(fact, text).unwrap();
            assert_ne!(tx, blank, "`{fact}` changed nothing");
        }
    }

    proptest::proptest! {
        /// Any text states a fact or is refused with what was expected.
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,24}", at in 0..Fact::ALL.len()) {
            let day = read_day("2025-01-01").unwrap();
            let mut tx = Transaction::new(ChipId("x".into()), "", day, day);
            if let Err(wrong) = tx.set(Fact::ALL[at], &text) {
                proptest::prop_assert!(!wrong.expected.is_empty());
            }
        }
    }
}
