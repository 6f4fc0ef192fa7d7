//! What a chip file declares of its own: sources, and fields that nobody knows.

use crate::data::{DataFile, Problem, Problems, RawSource, nearest};
use crate::figure::{Source, Sources};

/// The sources that a user's own file declares; a file of the catalog declares none.
pub(super) fn own_sources(
    declared: Vec<RawSource>,
    file: DataFile<'_>,
    register: &Sources,
    own: bool,
) -> (Vec<Source>, Problems) {
    let (mut found, mut problems): (Vec<Source>, _) = (Vec::new(), Problems::default());
    for raw in declared {
        let span = raw.id.span();
        let source = raw.source();
        let mut refuse = |message: String, help: &str| {
            problems.push(Problem::spanned(file.path, file.text, span.clone(), message).help(help));
        };
        if !own {
            refuse(
                format!("source `{}` is declared in a file of the catalog", source.id),
                "sources of the catalog stand in data/sources/",
            );
        } else if register.get(&source.id).is_some() {
            refuse(
                format!("source `{}` stands in the register already", source.id),
                "leave it away, or give yours an id of its own",
            );
        } else if found.iter().any(|known| known.id == source.id) {
            refuse(
                format!("source `{}` stands twice", source.id),
                "give the second one its own id, or delete it",
            );
        } else {
            found.push(source);
        }
    }
    (found, problems)
}

/// The problem the TOML reader reports, with a suggestion for a misspelt field.
pub(super) fn explain(file: DataFile<'_>, error: &toml::de::Error) -> Problem {
    let problem = Problem::from_toml(file.path, file.text, error);
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return problem;
    }
    let typed = quoted.next().unwrap_or_default();
    let names: Vec<&str> = quoted.collect();
    if typed.contains("sparse") || typed.contains("sparsity") {
        return problem.help(
            "only dense peaks can be entered: halve a figure given with structured sparsity and put it in `tera_ops`",
        );
    }
    let near = nearest(typed, names.iter().copied());
    match near.first() {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(format!("known here: `{}`", names.join("`, `"))),
    }
}
