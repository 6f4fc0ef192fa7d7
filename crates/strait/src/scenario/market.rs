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
        let amount = self.amount.unwrap_or(f64::NAN);
        let fits = match self.verb {
            Verb::Levy => (0.0..0.95).contains(&amount),
            Verb::Cap | Verb::Flow | Verb::Supply | Verb::Demand => amount.is_finite() && amount >= 0.0,
            Verb::Subsidy => amount.is_finite() && amount > -1.0,
            Verb::Add => self.amount.is_none() || amount.is_finite() && amount > 0.0,
            _ => true,
        };
        if !fits {
            return complain(
                format!("`{verb}` with `amount = {amount}`"),
                "levy: part of revenue below 0.95; cap and flow: units a quarter; supply and demand: a factor; subsidy: a part; add: US dollars",
            );
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
        None
    }
}
