//! A transaction with its places resolved and the defaults it left open taken.

use crate::rules::chip::item::{Item, greater_china};
use crate::rules::deal::assumed::Assumed;
use crate::rules::words::countries::CountryId;
use crate::rules::{Places, Site, Transaction, UnknownPlace};

/// A country by code and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) code: &'a str,
    pub(crate) id: CountryId,
}

/// One question, resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) tx: &'a Transaction,
    pub(crate) to: Place<'a>,
    pub(crate) from: Place<'a>,
    pub(crate) headquarters: Place<'a>,
    pub(crate) parent: Place<'a>,
    /// Where the buyer puts it, as the China side sees it.
    pub(crate) site: Site,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(
        tx: &'a Transaction,
        item: &Item<'a>,
        places: &'a Places,
        assumed: &mut Vec<Assumed<'a>>,
    ) -> Result<Self, UnknownPlace> {
        let find = |typed: &str| places.find(typed).map(|(code, id)| Place { code, id });
        let to = find(&tx.to)?;
        let headquarters = match &tx.headquarters {
            Some(typed) => find(typed)?,
            None => {
                assumed.push(Assumed::Headquarters(to.code));
                to
            }
        };
        let parent = match &tx.parent {
            Some(typed) => find(typed)?,
            None => {
                assumed.push(Assumed::Parent(headquarters.code));
                headquarters
            }
        };
        let mut from = find(&tx.from)?;
        let foreign = item.designer.filter(|c| *c != "US" && from.code == "US");
        if let Some(designer) = foreign.filter(|_| !tx.from_stated) {
            assumed.push(Assumed::LeavesFrom(designer));
            from = Place {
                code: designer,
                id: places.id(designer).unwrap_or(from.id),
            };
        }
        let site = tx.site.unwrap_or(if to.code == "CN" {
            Site::Mainland
        } else {
            Site::Offshore
        });
        Ok(Self {
            tx,
            to,
            from,
            headquarters,
            parent,
            site,
        })
    }

    /// Whether it goes to China, Hong Kong or Macau.
    pub(crate) fn in_china(&self) -> bool {
        greater_china(self.to.code)
    }

    /// Whether a Chinese place or party takes part.
    pub(crate) fn touches_china(&self) -> bool {
        [self.to, self.headquarters, self.parent]
            .iter()
            .any(|place| greater_china(place.code))
    }
}
