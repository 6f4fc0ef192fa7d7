//! `docs/training.md`: errors by source and chip, families left out, floors, and rows far off with their reasons.

use super::parameters::{Fit, Fitted};
use super::score::{StepError, StepReport, StepSummary};
use crate::figure::Quantity;
use crate::perf::ops::Parameters;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows of arXiv 2205.05198 that calculon was validated on, with what calculon computed (its paper, table 2).
const BESIDE_CALCULON: [&str; 7] = ["T011", "T012", "T013", "T014", "T015", "T017", "T018"];

fn percent(of: f64) -> String {
    format!("{:.1} %", of * 100.0)
}

fn cells(summary: Option<StepSummary>) -> String {
    summary.map_or_else(
        || "– | –".to_owned(),
        |s| format!("{} | {:.0} %", percent(s.median), s.within_20 * 100.0),
    )
}

/// The page.
#[must_use]
pub fn page(report: &StepReport, fitted: &Fitted) -> String {
    let mut text = String::from(HEAD);
    specified(&mut text, report);
    calculon(&mut text, report);
    searched(&mut text, report);
    text.push_str(READ);
    far(&mut text, report);
    left(&mut text, report);
    text.push_str("\n## Parameters\n\nOne set serves every chip. `strait calibrate training` fits it.\n\n| parameter | value | meaning |\n|---|---|---|\n");
    for (p, value) in Fit::LIST.iter().zip(fitted.fit.list()) {
        let unit = if p.unit == "1" { "" } else { p.unit };
        let _ = writeln!(text, "| {} | {value} {unit} | {} |", p.name, p.meaning);
    }
    text
}

/// Rows by a key.
fn by(
    report: &StepReport,
    keep: impl Fn(&StepError) -> bool,
    key: impl Fn(&StepError) -> String,
) -> BTreeMap<String, Vec<&StepError>> {
    let mut groups: BTreeMap<String, Vec<&StepError>> = BTreeMap::new();
    for row in report.rows.iter().filter(|r| keep(r)) {
        groups.entry(key(row)).or_default().push(row);
    }
    groups
}

fn specified(text: &mut String, report: &StepReport) {
    text.push_str(
        "## Steps whose plan was published whole\n\nErrors are of the step's seconds. *Left out*: the parameters are fitted \
         to the other family of chips alone. *Floor*: the same form fitted to this family alone.\n\n\
         | rows of | rows | left out: median | within 20 % | floor: median | within 20 % | all fitted: median | within 20 % |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let kept = |r: &StepError| r.left_out.is_some();
    let mut line = |name: &str, rows: &[&StepError]| {
        let of = |pick: &dyn Fn(&StepError) -> Option<f64>| {
            cells(StepSummary::of(rows.iter().filter_map(|row| pick(row))))
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            rows.len(),
            of(&|r| r.left_out),
            of(&|r| r.floor),
            of(&|r| Some(r.error))
        );
    };
    for (family, rows) in by(report, kept, |r| format!("family {}", r.family)) {
        line(&family, &rows);
    }
    for (name, rows) in by(report, kept, |r| format!("{} on {}", r.source, r.chip)) {
        line(&name, &rows);
    }
    let all: Vec<&StepError> = report.rows.iter().filter(|r| kept(r)).collect();
    line("**all**", &all);
}

fn calculon(text: &mut String, report: &StepReport) {
    let rows: Vec<&StepError> = report
        .rows
        .iter()
        .filter(|r| BESIDE_CALCULON.contains(&r.id.as_str()))
        .collect();
    text.push_str(
        "\n## Beside calculon\n\nThe batch times of arXiv 2205.05198, table 5, on A100. Calculon reports a mean error of 3.65 %, \
         with efficiencies fitted to these very rows.\n\n| row | measured | computed | error | A100s left out of the fit |\n|---|---|---|---|---|\n",
    );
    for r in &rows {
        let _ = writeln!(
            text,
            "| {} | {:.2} s | {:.2} s | {:+.1} % | {} |",
            r.id,
            r.measured.get(),
            r.computed.get(),
            r.error * 100.0,
            r.left_out
                .map_or_else(|| "–".to_owned(), |e| format!("{:+.1} %", e * 100.0))
        );
    }
    let mean = |errors: Vec<f64>| StepSummary::of(errors.into_iter()).map_or(f64::NAN, |s| s.mean);
    let _ = writeln!(
        text,
        "\nMean absolute error: {} fitted, {} with A100s left out.",
        percent(mean(rows.iter().map(|r| r.error).collect())),
        percent(mean(rows.iter().filter_map(|r| r.left_out).collect()))
    );
}

fn searched(text: &mut String, report: &StepReport) {
    text.push_str(
        "\n## Steps of which less was published\n\nWhat was not published of a plan is searched: the fastest that fits, in a narrow \
         space (`strait run train` without `--wide`). None of these rows enters a fit. A search finds what could be \
         run, not what was.\n\n| rows of | rows | median | within 20 % | bias of the log |\n|---|---|---|---|---|\n",
    );
    let of = |text: &mut String, name: &str, rows: &[&StepError]| {
        if let Some(s) = StepSummary::of(rows.iter().map(|r| r.error)) {
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {:.0} % | {:+.2} |",
                s.rows,
                percent(s.median),
                s.within_20 * 100.0,
                s.bias
            );
        }
    };
    for (name, rows) in by(
        report,
        |r| !r.specified,
        |r| format!("{} on {}", r.source, r.chip),
    ) {
        of(text, &name, &rows);
    }
    let all: Vec<&StepError> = report.rows.iter().filter(|r| !r.specified).collect();
    of(text, "**all**", &all);
}

fn far(text: &mut String, report: &StepReport) {
    text.push_str("\n## Wrong by more than a factor of two\n\n");
    let rows: Vec<&StepError> = report.rows.iter().filter(|r| r.is_far()).collect();
    if rows.is_empty() {
        text.push_str("None.\n");
        return;
    }
    text.push_str(
        "| row | source | chip | measured | computed | likely reason |\n|---|---|---|---|---|---|\n",
    );
    for r in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.3} s | {:.3} s | {} |",
            r.id,
            r.source,
            r.chip,
            r.measured.get(),
            r.computed.get(),
            r.reason()
        );
    }
}

fn left(text: &mut String, report: &StepReport) {
    if report.skipped.is_empty() {
        return;
    }
    text.push_str("\n## Not computed\n\n| row | why |\n|---|---|\n");
    for (id, why) in &report.skipped {
        let _ = writeln!(text, "| {id} | {why} |");
    }
}

const HEAD: &str = "# Training steps beside published ones\n\nWritten by `strait validate training --page docs/training.md`. Rows: \
`data/validation/training.csv`, each with its source. A step is made of the operator models fitted to measured calls \
(`docs/accuracy.md`) and of the parameters below.\n\nThe forms and the priors of the parameters were chosen with these rows in \
view, so that even the left-out columns flatter; a chip of a third family is the clean test, and the searched rows below are \
the nearest to one.\n\n";

/// What rows say of themselves and how it is taken.
const READ: &str = "\n## How rows are read\n\n\
- MLPerf runs of Llama 2 70B evaluate 173 sequences every 384, the first 0.125 x batch + 2 times left out (the benchmark's rule). Whole \
runs are taken less those forward passes, 8 to 15 % of their time; rows with logged step times hold none. The log of AMD's first MI300X \
run of v5.1 has 2.1155 sequences a second between evaluations: 3.78 s a step, 3.75 s as taken, 4.22 s with evaluations.\n\
- That run has whole weights on each chip, in FP8, without a cache of transposes (`TP=1`, `ENABLE_TRANSPOSE_CACHE=0`), and \
computes 21 of 80 layers again: frozen weights are held once, and do not travel. They did here, beside tensor and pipeline groups too, \
which cost chips on a full mesh most: that, not a link, had turned the order of MI300X and H100.\n\
- Google's GPT-3 entries multiply in INT8, gradients too (`quantization=int8` in all scripts of v4.0 and v4.1; 360 tokens a second \
would be 83 % of a TPU v5p's 16-bit peak). Trillium shares weights out over all chips and computes whole layers again, v5p has tensor groups of \
8: what the scripts say is held. Integer products take the kernels fitted to INT8 inference.\n\
- Runs of GPT-3 and Llama 3.1 evaluate too, by how many packed sequences is not said: their measured times hold it.\n";
