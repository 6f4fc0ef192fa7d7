//! The columns of a parts file: the flags of `strait check`, and `id`.

use strait::data::nearest;
use strait::rules::Fact;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The user's own name of the row; it comes back in the answer.
    Id,
    /// A chip's name or the path of a chip file.
    Chip,
    /// The route, checked against `from` and `to`.
    Route,
    /// A fact of the transaction.
    Fact(Fact),
}

impl Column {
    /// Every column's name.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ["id", "chip", "route"]
            .into_iter()
            .chain(Fact::ALL.iter().map(|f| f.name()))
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Chip => "chip",
            Self::Route => "route",
            Self::Fact(fact) => fact.name(),
        }
    }

    /// The column of a name; case, and dash or underscore, do not matter.
    pub(crate) fn of(name: &str) -> Result<Self, String> {
        let name = name.trim();
        // The flag is `--condition`, given once for each; a cell holds several.
        let name = if name.eq_ignore_ascii_case("condition") {
            Fact::Conditions.name()
        } else {
            name
        };
        let alike = |known: &str| {
            let plain = |b: u8| if b == b'_' { b'-' } else { b.to_ascii_lowercase() };
            known.len() == name.len() && known.bytes().eq(name.bytes().map(plain))
        };
        let own = [Self::Id, Self::Chip, Self::Route];
        let facts = Fact::ALL.into_iter().map(Self::Fact);
        let found = own.into_iter().chain(facts).find(|c| alike(c.name()));
        found.ok_or_else(|| {
            let near = nearest(name, Self::names());
            match near.first() {
                Some(near) => format!("no column is called `{name}`; did you mean `{near}`?"),
                None => format!(
                    "no column is called `{name}`; expected the flags of `strait check`: {}",
                    Self::names().collect::<Vec<_>>().join(", ")
                ),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_with_either_dash() {
        for name in Column::names() {
            assert_eq!(Column::of(name).unwrap().name(), name);
            let other = format!(" {} ", name.replace('-', "_").to_uppercase());
            assert_eq!(Column::of(&other).unwrap().name(), name);
        }
        assert_eq!(Column::of("Condition"), Ok(Column::Fact(Fact::Conditions)));
        assert!(
            Column::of("owned-by-list")
                .unwrap_err()
                .contains("did you mean `owned-by-listed`")
        );
    }
}
