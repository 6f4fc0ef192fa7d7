//! The cost of a million input and output tokens, owned and rented.
//!
//! A request's cost is split by the time its parts take: input tokens bear the share of the prompt, output tokens
//! the rest, so that both together pay for the chip. The published form, all of it on the output, stands beside.

use super::hourly::spread;
use super::tokens::{MILLION, SECONDS};
use super::{CostModel, HourlyCost, Money, PricePerformance, Rent, ServingRate};
use crate::figure::{Estimate, Quantity, TokensPerSecond, UsdPerHour, UsdPerMillionTokens};
use serde::Serialize;

/// Cost of a million tokens of a request with so many prompt and output tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PerMillion {
    /// Input tokens.
    pub input: Money<UsdPerMillionTokens>,
    /// Output tokens.
    pub output: Money<UsdPerMillionTokens>,
    /// Output tokens that bear the whole request, as it is mostly published.
    pub output_bears_all: Money<UsdPerMillionTokens>,
}

impl PerMillion {
    /// Splits what a million output tokens cost with their prompts.
    fn split(all: Money<UsdPerMillionTokens>, rate: &ServingRate) -> Self {
        let share = rate.prompt_share.get();
        let prompt_tokens = rate.input.value / rate.output.value;
        Self {
            input: all.times(share / prompt_tokens),
            output: all.times(1.0 - share),
            output_bears_all: all,
        }
    }
}

/// Tokens on an owned and on a rented chip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TokenCost {
    /// Owned.
    pub owned: PerMillion,
    /// Rented, every hour of the rent in use; absent without a rent.
    pub rented: Option<PerMillion>,
    /// Tokens a dollar and a joule, of the tokens its class counts.
    pub value: PricePerformance,
}

impl CostModel {
    /// What a million tokens cost at a serving rate.
    pub fn tokens(&self, hourly: &HourlyCost, rent: Option<&Rent>, rate: &ServingRate) -> TokenCost {
        let value = self.price_performance(hourly, &rate.performance);
        // From the tokens its class counts to output tokens.
        let counted = rate.performance.per_chip.value / rate.output.value;
        let all: Money<UsdPerMillionTokens> = hourly.money(value.per_million).times(counted);
        let rented = rent.map(|rent| {
            let usd = per_million(&rent.hour.usd, &rate.output);
            PerMillion::split(hourly.money(usd), rate)
        });
        TokenCost {
            owned: PerMillion::split(all, rate),
            rented,
            value,
        }
    }
}

/// Cost of a million tokens: what an hour costs over the tokens of an hour. The two ranges are independent.
pub fn per_million(
    rent: &Estimate<UsdPerHour>,
    rate: &Estimate<TokensPerSecond>,
) -> Estimate<UsdPerMillionTokens> {
    let of = |usd: UsdPerHour, tokens: TokensPerSecond| (usd.get(), tokens.get());
    let shifts = [
        (of(rent.low, rate.value), of(rent.high, rate.value)),
        (of(rent.value, rate.low), of(rent.value, rate.high)),
    ];
    spread(of(rent.value, rate.value), &shifts, |(usd, tokens)| {
        usd / (tokens * SECONDS) * MILLION
    })
}
