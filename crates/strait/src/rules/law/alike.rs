//! Whether what an instrument says is the same in two laws: of two days, of two days of knowledge, or with and
//! without a scenario. Rows are compared as they stand, with whether they hold and the countries they reach.

use crate::rules::LawDay;
use crate::rules::law::live::Live;

/// Kinds of row, each read by a step of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    Classify,
    Presume,
    ZItem,
    Jurisdiction,
    Require,
    Product,
    EndUse,
    Exception,
    Review,
    Levy,
    Prohibition,
    RedFlag,
    China,
    Subsidy,
}

impl LawDay<'_> {
    /// Whether the live rows of one kind of one instrument are the same here and there.
    pub(crate) fn says_the_same(&self, other: &LawDay<'_>, id: &str, rows: Rows) -> bool {
        match rows {
            Rows::Classify => table(self, id) == table(other, id),
            Rows::Presume => same(&self.presume, &other.presume, id),
            Rows::ZItem => same(&self.z_item, &other.z_item, id),
            Rows::Jurisdiction => same(&self.jurisdiction, &other.jurisdiction, id),
            Rows::Require => same(&self.require, &other.require, id),
            Rows::Product => same(&self.product, &other.product, id),
            Rows::EndUse => same(&self.end_use, &other.end_use, id) && same(&self.stayed, &other.stayed, id),
            Rows::Exception => same(&self.exception, &other.exception, id),
            Rows::Review => same(&self.review, &other.review, id),
            Rows::Levy => same(&self.levy, &other.levy, id),
            Rows::Prohibition => same(&self.prohibition, &other.prohibition, id),
            Rows::RedFlag => same(&self.red_flag, &other.red_flag, id),
            Rows::China => same(&self.china, &other.china, id),
            Rows::Subsidy => same(&self.subsidy, &other.subsidy, id),
        }
    }
}

/// The table of an instrument, where it is in effect.
fn table<'b>(day: &LawDay<'b>, id: &str) -> Option<&'b [crate::rules::ClassifyRow]> {
    let by = day.book.instrument(id)?;
    by.classifies_on(day.as_of).then_some(by.classify.as_slice())
}

fn same<R: PartialEq>(here: &[Live<'_, R>], there: &[Live<'_, R>], id: &str) -> bool {
    let of = |live: &&Live<'_, R>| live.by.id == id;
    let alike = |a: &Live<'_, R>, b: &Live<'_, R>| {
        a.held == b.held
            && a.reach == b.reach
            && a.other == b.other
            && (std::ptr::eq(a.row, b.row) || a.row == b.row)
    };
    let (mut here, mut there) = (here.iter().filter(of), there.iter().filter(of));
    loop {
        match (here.next(), there.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if alike(a, b) => {}
            _ => return false,
        }
    }
}
