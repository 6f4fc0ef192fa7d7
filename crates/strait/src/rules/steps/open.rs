//! Facts that are missing, by reference: `needs` says in words what each would change.

use crate::rules::law::live::Live;
use crate::rules::{ConditionRow, Except, Instrument, JurisdictionRow, MetricName, PresumeRow};
use rust_decimal::Decimal;

/// A fact that is missing; `needs` says in words what it would change.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Open<'a> {
    Datacenter,
    Variant,
    Metric(MetricName),
    DirectProduct,
    UsContent,
    Rebut(&'a PresumeRow),
    Letter(&'a Instrument),
    /// The figure that straddles a limit of the review policy.
    ReviewLimit(MetricName, Decimal),
    /// Parties that a requirement excepts, with its paragraph.
    Except(&'a Except, &'a str),
    Condition(&'a ConditionRow),
    EndUse(crate::rules::Trigger),
    Host,
    /// Where the designer sits, for guidance on foreign chips.
    Designer,
    /// The day on which an instrument began or ceased to hold.
    Day(&'a Instrument),
    /// Whether what is presumed made in violation was.
    Violation(&'a Live<'a, JurisdictionRow>),
}

impl Open<'_> {
    /// Whether it asks for the same fact; rows are the same where they stand in the same place.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rebut(a), Self::Rebut(b)) => std::ptr::eq(*a, *b),
            (Self::Letter(a), Self::Letter(b)) | (Self::Day(a), Self::Day(b)) => std::ptr::eq(*a, *b),
            (Self::Except(a, _), Self::Except(b, _)) => a == b,
            (Self::Condition(a), Self::Condition(b)) => std::ptr::eq(*a, *b),
            (Self::ReviewLimit(a, x), Self::ReviewLimit(b, y)) => a == b && x == y,
            (Self::Metric(a), Self::Metric(b)) => a == b,
            (Self::EndUse(a), Self::EndUse(b)) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// A word for tables.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Datacenter => "datacenter",
            Self::Variant => "variant",
            Self::Metric(metric) | Self::ReviewLimit(metric, _) => metric.as_str(),
            Self::DirectProduct => "direct_product",
            Self::UsContent => "us_content",
            Self::Rebut(_) => "rebuttal",
            Self::Letter(_) => "letter_text",
            Self::Except(..) => "exempted_party",
            Self::Condition(_) => "conditions",
            Self::EndUse(trigger) => trigger.key(),
            Self::Host => "host",
            Self::Designer => "designer",
            Self::Day(_) => "day",
            Self::Violation(_) => "violation",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Trigger;

    #[test]
    fn the_same_fact_is_asked_for_once_and_another_beside_it() {
        let same = |a: Open<'_>, b: Open<'_>| a.same(&b);
        let limit = |metric, limit: u32| Open::ReviewLimit(metric, Decimal::from(limit));
        let (tpp, bandwidth) = (MetricName::Tpp, MetricName::MemoryBandwidth);
        assert!(same(limit(tpp, 21_000), limit(tpp, 21_000)));
        assert!(!same(limit(tpp, 21_000), limit(tpp, 6500)));
        assert!(!same(limit(tpp, 6500), limit(bandwidth, 6500)));
        assert!(same(Open::Metric(tpp), Open::Metric(tpp)));
        assert!(!same(Open::Metric(tpp), Open::Metric(bandwidth)));
        let end_use = |trigger| Open::EndUse(trigger);
        assert!(same(end_use(Trigger::Military), end_use(Trigger::Military)));
        assert!(!same(end_use(Trigger::Military), end_use(Trigger::Supercomputer)));
        assert!(same(Open::Host, Open::Host) && !same(Open::Host, Open::Variant));
    }
}
