//! What a scenario changes in the quarterly market, from a day on.

use crate::data::Problem;
use crate::figure::{Place, When};
use serde::{Deserialize, Serialize};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// The US side blocks goods.
    Ban,
    /// The US side leaves goods open.
    Allow,
    /// The US side asks for a license case by case.
    License,
    /// Chips become goods; `vendor` sells them, at `amount` (USD) where no price is known.
    Add,
    /// At most `amount` units a quarter of each good.
    Cap,
    /// `amount` units a quarter of goods of the grey channel together get through, as far as buyers take them.
    Flow,
    /// The seller pays `amount` (0 to 1) of revenue.
    Levy,
    /// Tokens per dollar rise by `amount` (0.1 is a tenth).
    Subsidy,
    /// The Chinese side takes `state` (`none`, `discouraged`, `conditional`, `banned`).
    Guidance,
    /// Units that can be made are multiplied by `amount`; `of` is `units`, `memory`, `wafers` or
    /// `packaging`, whose lines are those of `domestic` makers, of `foreign` ones or of a foreign vendor (`goods`); all, where
    /// none is named.
    Supply,
    /// Budgets are multiplied by `amount`.
    Demand,
    /// A parameter is held at a standard score of its prior (`score`).
    Assume,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketChange {
    /// What is done.
    pub verb: Verb,
    /// Goods (`nvidia-h20`), vendors, `domestic` or `foreign`; of `add`, chips.
    #[serde(default)]
    pub goods: Vec<String>,
    /// Kinds of buyer (`platforms`); all where absent.
    #[serde(default)]
    pub buyers: Vec<String>,
    /// From when; always, where absent.
    pub from: Option<When>,
    /// Last day; for good, where absent.
    pub until: Option<When>,
    /// How much.
    pub amount: Option<f64>,
    /// State of the Chinese side.
    pub state: Option<String>,
    /// What of supply.
    pub of: Option<String>,
    /// Parameter held.
    pub parameter: Option<String>,
    /// Where.
    pub score: Option<f64>,
    /// Vendor of chips added.
    pub vendor: Option<String>,
    /// Where it is written.
    #[serde(skip)]
    pub written: Place,
}

/// What `amount` means by verb.
const HOW_MUCH: &str = "levy: part of revenue below 0.95; cap and flow: units a quarter; supply: a factor; demand: a factor of at most 1000; subsidy: a part; add: US dollars";

/// First day of the market over time.
const BEGIN: jiff::civil::Date = jiff::civil::date(2022, 1, 1);

/// Standard score beyond which a prior says nothing.
const FARTHEST_SCORE: f64 = 6.0;

impl MarketChange {
    /// Names of the fields written, but `verb`.
    fn given(&self) -> Vec<&'static str> {
        let fields = [
            ("goods", !self.goods.is_empty()),
            ("buyers", !self.buyers.is_empty()),
            ("from", self.from.is_some()),
            ("until", self.until.is_some()),
            ("amount", self.amount.is_some()),
            ("state", self.state.is_some()),
            ("of", self.of.is_some()),
            ("parameter", self.parameter.is_some()),
            ("score", self.score.is_some()),
            ("vendor", self.vendor.is_some()),
        ];
        fields.iter().filter(|f| f.1).map(|f| f.0).collect()
    }

    /// Names of the fields that its verb reads, but `verb`.
    fn takes(&self) -> &'static [&'static str] {
        match (self.verb, self.of.as_deref()) {
            (Verb::Ban | Verb::Allow | Verb::License, _) => &["goods", "buyers", "from", "until"],
            (Verb::Guidance, _) => &["goods", "buyers", "from", "until", "state"],
            (Verb::Subsidy, _) => &["goods", "buyers", "from", "until", "amount"],
            (Verb::Cap | Verb::Flow | Verb::Levy, _) => &["goods", "from", "until", "amount"],
            (Verb::Supply, Some("memory" | "wafers")) => &["of", "from", "until", "amount"],
            (Verb::Supply, _) => &["of", "goods", "from", "until", "amount"],
            (Verb::Demand, _) => &["from", "until", "amount"],
            (Verb::Add, _) => &["goods", "from", "amount", "vendor"],
            (Verb::Assume, _) => &["parameter", "score"],
        }
    }

    /// What is wrong where another change says of the same goods, buyers and day that the US side does something else.
    pub(crate) fn contradicted_by(&self, other: &Self) -> Option<Problem> {
        let of_the_us = |c: &Self| matches!(c.verb, Verb::Ban | Verb::Allow | Verb::License);
        let same = of_the_us(self) && of_the_us(other) && self.verb != other.verb;
        let good = self.goods.iter().find(|good| other.goods.contains(good))?;
        (same && self.from == other.from && self.until == other.until && self.buyers == other.buyers).then(
            || {
                let verb = |c: &Self| format!("{:?}", c.verb).to_lowercase();
                Problem::at(
                    other.written.clone(),
                    format!(
                        "`{}` and `{}` of `{good}` from the same day",
                        verb(self),
                        verb(other)
                    ),
                )
                .help("only one can hold: leave one out, or give them different days or buyers")
            },
        )
    }

    /// The first thing that keeps it from being understood.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let complain = |what: String, help: &str| Some(Problem::at(self.written.clone(), what).help(help));
        let verb = format!("{:?}", self.verb).to_lowercase();
        let of_inputs = self.verb == Verb::Supply && self.of.as_deref().is_some_and(|of| of != "units");
        let about_goods = !(of_inputs || matches!(self.verb, Verb::Demand | Verb::Assume));
        if about_goods && self.goods.is_empty() {
            return complain(
                format!("`{verb}` names no goods"),
                "add `goods = [\"nvidia-h20\"]`; the goods stand in data/market/dynamics/goods.toml",
            );
        }
        let takes = self.takes();
        if let Some(name) = self.given().into_iter().find(|name| !takes.contains(name)) {
            return complain(
                format!("`{verb}` does nothing with `{name}`"),
                &format!("it takes `{}`", takes.join("`, `")),
            );
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until.last() < from.first()
        {
            return complain(
                format!("`until = {until}` lies before `from = {from}`"),
                "`until` is the last day",
            );
        }
        if let Some(from) = self.from.filter(|from| from.last() < BEGIN) {
            return complain(
                format!("`from = {from}` lies before the market's first month"),
                "the market runs from 2022-01; leave `from` out for always",
            );
        }
        if self.amount.is_none() && !matches!(self.verb, Verb::Add) && takes.contains(&"amount") {
            return complain(format!("`{verb}` without `amount`"), HOW_MUCH);
        }
        let amount = self.amount.unwrap_or(f64::NAN);
        let fits = match self.verb {
            Verb::Levy => (0.0..0.95).contains(&amount),
            Verb::Cap | Verb::Flow => amount.is_finite() && amount >= 0.0,
            // `supply` without an end stands for no limit; budgets beyond a thousandfold are a slip.
            Verb::Supply => amount.is_finite() && amount >= 0.0,
            Verb::Demand => (0.0..=1000.0).contains(&amount),
            Verb::Subsidy => amount.is_finite() && amount > -1.0,
            Verb::Add => self.amount.is_none() || amount.is_finite() && amount > 0.0,
            _ => true,
        };
        if !fits {
            return complain(format!("`{verb}` with `amount = {amount}`"), HOW_MUCH);
        }
        if self.verb == Verb::Guidance
            && !matches!(
                self.state.as_deref(),
                Some("none" | "discouraged" | "conditional" | "banned")
            )
        {
            return complain(
                format!(
                    "`guidance` with `state = {}`",
                    self.state.as_deref().unwrap_or("nothing")
                ),
                "one of `none`, `discouraged`, `conditional`, `banned`",
            );
        }
        if self.verb == Verb::Supply
            && !matches!(
                self.of.as_deref(),
                None | Some("units" | "memory" | "wafers" | "packaging")
            )
        {
            return complain(
                "`supply` of something unknown".into(),
                "`of` is `units`, `memory`, `wafers` or `packaging`",
            );
        }
        if self.verb == Verb::Assume && (self.parameter.is_none() || !self.score.is_some_and(f64::is_finite))
        {
            return complain(
                "`assume` without parameter or score".into(),
                "add `parameter = \"yield_2025\"` and `score = 1.28`, its standard score in the prior",
            );
        }
        if let Some(score) = self.score.filter(|s| s.abs() > FARTHEST_SCORE) {
            return complain(
                format!("`assume` with `score = {score}`"),
                "a standard score of the prior, from -6 to 6: 1.28 is its 90th percentile",
            );
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    #[test]
    fn an_empty_file_is_no_scenario() {
        for text in ["", "\n\n", "# nothing yet\n"] {
            let told = Scenario::read("s.toml", text).unwrap_err().to_string();
            assert!(
                told.contains("s.toml") && told.contains("the scenario is empty"),
                "{told}"
            );
        }
        assert!(Scenario::read("s.toml", "id = \"named\"\n").is_ok());
    }

    fn read(fields: &str) -> Result<Scenario, String> {
        Scenario::read("s.toml", &format!("[[market]]\n{fields}\n")).map_err(|p| p.to_string())
    }

    #[track_caller]
    fn refused(fields: &str, words: &str) {
        let told = read(fields).expect_err(fields);
        assert!(told.contains(words) && told.contains("s.toml:"), "{told}");
    }

    #[test]
    fn two_answers_of_the_us_side_of_one_good_buyer_and_day_contradict_each_other() {
        let of = |first: &str, second: &str| format!("{first}\n[[market]]\n{second}");
        let ban = "verb = \"ban\"\ngoods = [\"nvidia-h20\"]\nfrom = \"2026-01\"";
        let allow = "verb = \"allow\"\ngoods = [\"nvidia-h20\", \"amd-mi308x\"]\nfrom = \"2026-01\"";
        refused(
            &of(ban, allow),
            "`ban` and `allow` of `nvidia-h20` from the same day",
        );
        refused(&of(allow, ban), "`allow` and `ban` of `nvidia-h20`");
        // Another day, other buyers, another good, or the same twice: all can hold.
        let later = allow.replace("2026-01", "2026-04");
        let some = format!("{allow}\nbuyers = [\"platforms\"]");
        let other = allow.replace("\"nvidia-h20\", ", "");
        for fine in [later.as_str(), &some, &other, ban] {
            assert!(read(&of(ban, fine)).is_ok(), "{fine}");
        }
    }

    #[test]
    fn verbs_that_measure_want_an_amount_within_bounds() {
        let levy = "verb = \"levy\"\ngoods = [\"nvidia-h20\"]";
        refused(levy, "`levy` without `amount`");
        refused(&format!("{levy}\namount = 0.95"), "`levy` with `amount = 0.95`");
        assert!(read(&format!("{levy}\namount = 0.94")).is_ok());
        let demand = |amount: &str| format!("verb = \"demand\"\namount = {amount}");
        refused(&demand("1000.5"), "`demand` with `amount = 1000.5`");
        refused(&demand("-0.1"), "`demand` with `amount = -0.1`");
        assert!(read(&demand("1000")).is_ok() && read(&demand("0")).is_ok());
        // A chip added may go without: its price may be known.
        assert!(read("verb = \"add\"\ngoods = [\"nvidia-b30a\"]\nvendor = \"nvidia\"").is_ok());
    }

    #[test]
    fn scores_and_days_lie_where_prior_and_market_reach() {
        let assume = |score: &str| format!("verb = \"assume\"\nparameter = \"yield_2025\"\nscore = {score}");
        refused(&assume("6.01"), "`assume` with `score = 6.01`");
        refused(&assume("-7"), "`assume` with `score = -7`");
        assert!(read(&assume("6")).is_ok() && read(&assume("-6")).is_ok());
        let from = |day: &str| format!("verb = \"ban\"\ngoods = [\"foreign\"]\nfrom = \"{day}\"");
        refused(&from("2021-12-31"), "lies before the market's first month");
        refused(&from("2021"), "lies before the market's first month");
        assert!(read(&from("2022-01-01")).is_ok());
    }
}
