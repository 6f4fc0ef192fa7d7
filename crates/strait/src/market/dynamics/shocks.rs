//! What a path meets that nobody can foresee, beyond the day of knowledge.

/// Innovations of budgets, and policy and makers' answers where these are drawn; tables run over months.
#[derive(Debug, Clone, Default)]
pub struct Shocks {
    /// Standard normal innovations of the logarithm of budgets; none where empty.
    pub budget: Vec<f64>,
    /// Part of access to goods of US makers that is left; all where empty.
    pub access: Vec<f64>,
    /// Part of what law and guidance close that is opened again, for the goods of [`Shocks::reopened`].
    pub relief: Vec<f64>,
    /// Goods that a reopening reaches.
    pub reopened: Vec<usize>,
    /// The good that stands for a chip nobody knows of yet, made to the bounds that closed the market to another.
    pub successor: Option<usize>,
    /// Part of that market it wins back.
    pub answer: Vec<f64>,
}

impl Shocks {
    fn of(table: &[f64], month: usize, otherwise: f64) -> f64 {
        table.get(month).copied().unwrap_or(otherwise)
    }

    /// Innovation of budgets in a month.
    pub(crate) fn budget_in(&self, month: usize) -> f64 {
        Self::of(&self.budget, month, 0.0)
    }

    /// Part of access that is left in a month.
    pub(crate) fn access_in(&self, month: usize) -> f64 {
        Self::of(&self.access, month, 1.0)
    }

    /// Part of what is closed to a good that is opened again in a month.
    pub(crate) fn relief_in(&self, month: usize, good: usize) -> f64 {
        let relief = Self::of(&self.relief, month, 0.0);
        if relief > 0.0 && self.reopened.contains(&good) {
            relief
        } else {
            0.0
        }
    }

    /// Part of the market a good wins back by being made to the new bounds; nothing for goods that are known.
    pub(crate) fn answer_in(&self, month: usize, good: usize) -> Option<f64> {
        (self.successor == Some(good)).then(|| Self::of(&self.answer, month, 0.0))
    }
}
