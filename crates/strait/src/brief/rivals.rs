//! Which chips a brief compares: flagship, predecessor, domestic alternatives, or what the user named.

use super::Role;
use crate::catalog::{Catalog, Chip, ChipId};
use crate::data::{DataSet, Problem, Problems};
use crate::rules::Transaction;
use serde::Deserialize;
use toml::Spanned;

const FILE: &str = "brief/rivals.toml";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RivalLists {
    #[serde(default)]
    rivals: Vec<RivalList>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RivalList {
    place: String,
    subject: SubjectKind,
    chips: Vec<Spanned<String>>,
    take: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SubjectKind {
    Domestic,
    Foreign,
}

impl RivalLists {
    pub(crate) fn load(data: &DataSet, catalog: &Catalog) -> Result<Self, Problems> {
        let Some(file) = data.get(FILE) else {
            return Ok(Self::default());
        };
        let lists: Self =
            toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut problems = Problems::default();
        for chip in lists.rivals.iter().flat_map(|l| &l.chips) {
            if catalog.get(&ChipId(chip.get_ref().clone())).is_none() {
                let message = format!("`{}` is no chip of the catalog", chip.get_ref());
                problems.push(Problem::spanned(file.path, file.text, chip.span(), message));
            }
        }
        problems.or(lists)
    }

    /// Chips compared by default, subject first, each once; a chip that was not announced by then, as far as was known,
    /// is left out.
    pub(crate) fn of<'a>(
        &self,
        catalog: &'a Catalog,
        subject: &'a Chip,
        ask: &Transaction,
    ) -> Vec<(&'a Chip, Role)> {
        let mut peers = vec![(subject, Role::Subject)];
        let mut add = |id: Option<&ChipId>, role: Role| {
            if let Some(chip) = id.and_then(|id| catalog.get(id))
                && chip.announced_by(ask.on, ask.known) == Some(true)
                && peers.iter().all(|(peer, _)| peer.id != chip.id)
            {
                peers.push((chip, role));
                return true;
            }
            false
        };
        add(subject.former_flagship.as_ref(), Role::Flagship);
        add(subject.predecessor.as_ref(), Role::Predecessor);
        let home = super::cost::place(&ask.to);
        let domestic = catalog.designer_country(subject) == Some(home);
        let kind = if domestic {
            SubjectKind::Domestic
        } else {
            SubjectKind::Foreign
        };
        let listed = self.rivals.iter().any(|l| l.place == home);
        for list in self.rivals.iter().filter(|l| l.subject == kind) {
            if list.place != home && (listed || list.place != "*") {
                continue;
            }
            let mut taken = 0;
            for id in list.chips.iter().map(|id| ChipId(id.get_ref().clone())) {
                if taken < list.take {
                    let chip = catalog.get(&id);
                    let role = match chip.and_then(|c| catalog.designer_country(c)) {
                        Some(country) if country == home => Role::Domestic,
                        _ => Role::Named,
                    };
                    taken += usize::from(add(Some(&id), role));
                }
            }
        }
        peers
    }
}
