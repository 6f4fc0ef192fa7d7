//! What a metric means by the text that bounds it: `data/rules/definitions.toml`.

use crate::data::{DataSet, Problem, Problems};
use crate::figure::{Grade, SourceId, Sources};
use crate::rules::{Instrument, MetricName};
use serde::{Deserialize, Serialize};

/// One definition of a metric, of one instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Metric.
    pub metric: MetricName,
    /// Instrument whose text defines it.
    pub instrument: String,
    /// Paragraph.
    pub paragraph: String,
    /// In own words.
    pub says: String,
    /// Public-domain text, word for word.
    pub quote: Option<String>,
    /// Where it was read.
    pub source: SourceId,
    /// How good that is.
    pub grade: Grade,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    definition: Vec<Definition>,
}

/// Reads the file, where there is one, and checks that its sources and instruments exist.
pub(crate) fn read(
    data: &DataSet,
    sources: &Sources,
    instruments: &[Instrument],
    problems: &mut Problems,
) -> Vec<Definition> {
    const FILE: &str = "rules/definitions.toml";
    let Some(file) = data.get(FILE) else {
        return Vec::new();
    };
    let read = match toml::from_str::<File>(file.text) {
        Ok(read) => read.definition,
        Err(error) => {
            problems.push(Problem::from_toml(FILE, file.text, &error));
            return Vec::new();
        }
    };
    for one in &read {
        let of = format!("definition of `{}` by `{}`", one.metric.as_str(), one.paragraph);
        match sources.get(&one.source) {
            None => problems.push(
                Problem::in_file(
                    FILE,
                    format!("source `{}` of the {of} is not in the register", one.source),
                )
                .help("add it to data/sources/rules.toml"),
            ),
            Some(source) if one.grade < source.grade => problems.push(
                Problem::in_file(
                    FILE,
                    format!(
                        "grade `{}` of the {of} is better than its source allows",
                        one.grade
                    ),
                )
                .help(format!("`{}` is the best grade it may have", source.grade)),
            ),
            Some(_) => {}
        }
        if !instruments.iter().any(|i| i.id == one.instrument) {
            problems.push(Problem::in_file(
                FILE,
                format!("instrument `{}` of the {of} does not exist", one.instrument),
            ));
        }
    }
    read
}
