//! `check`: one transaction under the law of its day, written out.

use crate::catalog::Chip;
use crate::rules::{AsOf, Findings, Item, LawBook, RulesError, Transaction, Verdict};

impl LawBook {
    /// What the law says of a transaction.
    ///
    /// `designer_country` and `foundry_country` are ISO codes from the register of makers; `None` where
    /// not known. To ask many transactions of one day, use [`LawBook::day`].
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
        let day = self.day(AsOf::of(tx))?;
        let item = Item::new(chip, designer_country, foundry_country);
        let mut found = Findings::default();
        day.decide(&item, tx, &mut found)?;
        Ok(day.explain(&item, tx, &found))
    }
}
