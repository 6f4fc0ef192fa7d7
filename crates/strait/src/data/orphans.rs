//! Finds sources that nothing rests on.

use super::{DataSet, Problem, Problems};
use crate::figure::Sources;
use std::collections::HashSet;

/// Grades' own stand-ins, which may be unused for a while.
const STANDING: [&str; 3] = ["recalled", "derived", "assumed"];

/// Every registered source that no other file of the data names.
pub fn orphan_sources(data: &DataSet, sources: &Sources) -> Problems {
    let files = data
        .below("")
        .filter(|f| f.path != "sources.toml" && !f.path.starts_with("sources/"));
    let named: HashSet<&str> = files
        .flat_map(|f| f.text.split(['"', ',', ';', '\n', '\r', ' ']))
        .map(str::trim)
        .collect();
    let mut problems = Problems::default();
    for id in sources
        .0
        .keys()
        .filter(|id| !named.contains(id.0.as_str()) && !STANDING.contains(&id.0.as_str()))
    {
        let written = format!("id = \"{id}\"");
        let register = data
            .below("sources")
            .find_map(|f| Some((f, f.text.find(&written)?)));
        problems.push(
            match register {
                Some((file, at)) => Problem::spanned(
                    file.path,
                    file.text,
                    at..at + written.len(),
                    format!("no figure rests on source `{id}`"),
                ),
                None => Problem::in_file("sources.toml", format!("no figure rests on source `{id}`")),
            }
            .help("delete it, or cite it where it belongs"),
        );
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::load_sources;

    #[test]
    fn an_unused_source_is_named_with_its_line() {
        let data = DataSet::empty()
            .with(
                "sources.toml",
                "[[source]]\nid = \"a\"\ntitle = \"A\"\ngrade = \"analysis\"\n",
            )
            .with(
                "sources/x.toml",
                "[[source]]\nid = \"b\"\ntitle = \"B\"\ngrade = \"analysis\"\n",
            )
            .with("market/p.csv", "id,source\n1,a\n");
        let found = orphan_sources(&data, &load_sources(&data).unwrap());
        assert_eq!(
            found.to_string(),
            "sources/x.toml:2: no figure rests on source `b`"
        );
    }
}
