//! What buyers would spend: one level and six growth rates, a random walk beyond the day of knowledge.

use super::calendar::Month;
use super::environment::Environment;
use super::parameters::Theta;
use crate::rules::Site;

/// Logarithm of the mainland budget a month over that of a month of 2022.
fn growth(theta: &Theta, month: Month) -> f64 {
    let rates = [
        (1.0, theta.growth_2022),
        (1.0, theta.growth_2023),
        (1.0, theta.growth_2024),
        (1.0, theta.growth_2025),
        (2.0, theta.growth_2026),
        (f64::INFINITY, theta.growth_later),
    ];
    let mut left = month.years_from_mid_2022();
    if left < 0.0 {
        return left * theta.growth_2022;
    }
    let mut sum = 0.0;
    for (years, rate) in rates {
        let here = left.min(years);
        sum += here * rate;
        left -= here;
        if left <= 0.0 {
            break;
        }
    }
    sum
}

/// Budgets of a month by point, US dollars; `walk` is where the random walk of their logarithm stands.
pub(crate) fn budgets(env: &Environment, theta: &Theta, month: Month, walk: f64, money: &mut [f64]) {
    let mainland = theta.budget_2022 * 1e9 / 12.0 * (growth(theta, month) + walk).exp();
    let abroad = (theta.offshore_level + theta.offshore_trend * (month.years_from_mid_2022() - 2.0)).exp();
    for (money, point) in money.iter_mut().zip(&env.points) {
        let site = if point.site == Site::Offshore {
            mainland * abroad
        } else {
            mainland
        };
        *money = site * point.share * env.demand[month.0];
    }
}

/// Standard deviation of a month's step of the walk.
pub(crate) fn step(theta: &Theta) -> f64 {
    theta.budget_volatility / 12.0_f64.sqrt()
}
