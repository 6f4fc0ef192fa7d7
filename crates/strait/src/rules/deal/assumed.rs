//! What an answer took for granted, said beside it.

/// A default that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assumed<'a> {
    Headquarters(&'a str),
    Parent(&'a str),
    LeavesFrom(&'a str),
    /// A US maker's chip made abroad is taken as a direct product of US software (734.9(h)).
    UsDirectProduct,
}

impl Assumed<'_> {
    /// Every text an answer may hold, without its country, for those who look for it.
    pub(crate) fn text(&self, to: &str) -> String {
        match self {
            Self::Headquarters(at) => format!("the end user is headquartered in {at}"),
            Self::Parent(at) => format!("its ultimate parent is headquartered in {at}"),
            Self::LeavesFrom(designer) => {
                format!("it leaves from {designer}, where its maker is, not from the US")
            }
            Self::UsDirectProduct => format!(
                "made abroad for a US maker and going to {to}, it is a direct product of US software or technology"
            ),
        }
    }
}
