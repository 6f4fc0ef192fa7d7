//! Numbers that bounds are compared with: exact decimals, fast.

use crate::rules::Limit;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A decimal in units of 10⁻¹², in which figures and bounds are compared. Every datasheet figure and every
/// bound has fewer places; more than 10¹⁴ counts as 10¹⁴, beyond any bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Exact(i128);

const PLACES: u32 = 12;
const MOST: i128 = 10_i128.pow(14 + PLACES);

impl Exact {
    pub(crate) fn of(value: Decimal) -> Self {
        let scale = value.scale();
        let mantissa = value.mantissa();
        let units = if scale <= PLACES {
            mantissa.saturating_mul(10_i128.pow(PLACES - scale))
        } else {
            mantissa / 10_i128.pow(scale - PLACES)
        };
        Self(units.min(MOST))
    }
}

/// What a condition needs of a number.
pub(crate) trait Number: Copy + Ord {
    fn limit(limit: Limit) -> Self;
    fn plus(self, other: Self) -> Self;
    /// How `self` compares with `bound x area`, never a rounded quotient.
    fn against(self, bound: Self, area: Self) -> Ordering;
}

impl Number for Exact {
    fn limit(limit: Limit) -> Self {
        limit.exact()
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    fn against(self, bound: Self, area: Self) -> Ordering {
        // 10¹⁴ x 10¹² x 10¹² lies within 127 bits; a product that does not saturates above every rate.
        let rate = self.0.saturating_mul(10_i128.pow(PLACES));
        rate.cmp(&bound.0.saturating_mul(area.0))
    }
}

impl Number for Decimal {
    fn limit(limit: Limit) -> Self {
        limit.0
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn against(self, bound: Self, area: Self) -> Ordering {
        self.cmp(&(bound * area))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_every_place_it_has() {
        let of = |text: &str| Exact::of(Decimal::from_str_exact(text).unwrap());
        assert!(of("5.92") > of("5.919999999999"));
        assert_eq!(of("4800"), of("4800.000000000000"));
        assert!(of("989.4").plus(of("0.000000000001")) > of("989.4"));
    }

    #[test]
    fn a_product_is_compared_whole() {
        let of = |text: &str| Exact::of(Decimal::from_str_exact(text).unwrap());
        assert_eq!(of("2960").against(of("5.92"), of("500")), Ordering::Equal);
        assert_eq!(
            of("2959.999999999999").against(of("5.92"), of("500")),
            Ordering::Less
        );
        assert_eq!(of("2368").against(of("3.2"), of("814")), Ordering::Less);
        assert_eq!(
            Exact::of(Decimal::MAX).against(of("5.92"), of("814")),
            Ordering::Greater
        );
    }
}
