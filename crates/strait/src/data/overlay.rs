//! A user's files over the shipped ones: which paths are read at all.

use super::{DataSet, Problem, nearest};

/// Folders whose every file is read; anywhere else a file stands in place of the one that has its path.
const FOLDERS: [&str; 8] = [
    "chips/",
    "models/",
    "rules/cn/",
    "rules/us/",
    "market/posterior/",
    "scenarios/",
    "sources/",
    "workloads/",
];

impl DataSet {
    /// The set with one file of a user's folder, in place of its own or beside it.
    ///
    /// # Errors
    /// A path that nothing reads, so that the file would have no effect.
    pub fn overlaid(self, path: &str, text: String) -> Result<Self, Problem> {
        if self.get(path).is_some() || FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            return Ok(self.with(path, text));
        }
        let near = nearest(path, self.below("").map(|file| file.path)).join("`, `");
        let own = format!(
            "new files go into `{}`; any other takes the path of a shipped one",
            FOLDERS.join("`, `")
        );
        let help = if near.is_empty() {
            own
        } else {
            format!("did you mean `{near}`? {own}")
        };
        Err(Problem::in_file(path, "no data file has this path, so it would not be read").help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_nothing_reads_is_refused_with_the_nearest_path() {
        let set = DataSet::empty()
            .with("market/prices.csv", "id\n")
            .with("makers.toml", "");
        let over = |path: &str| set.clone().overlaid(path, String::new());
        for path in [
            "market/prices.csv",
            "makers.toml",
            "chips/own/x.toml",
            "rules/us/x.toml",
            "sources/own.toml",
        ] {
            assert!(over(path).is_ok(), "{path}");
        }
        let refused = over("market/pirces.csv").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "market/pirces.csv: no data file has this path, so it would not be read"
        );
        assert!(
            refused
                .help
                .unwrap()
                .starts_with("did you mean `market/prices.csv`?")
        );
        for path in ["chip/own/x.toml", "rules/x.toml", "prices.csv"] {
            assert!(over(path).is_err(), "{path}");
        }
    }
}
