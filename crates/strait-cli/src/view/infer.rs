//! How chips serve a model, as a page.

use super::{Page, Section, Table};
use crate::command::run::infer::Found;
use strait::perf::inference::{Demand, Limits};
use strait::perf::{Limit, Model};

/// One table of ways to serve, one of operators where they were asked for.
pub(crate) fn page(model: &Model, demand: &Demand, limits: &Limits, found: &[Found]) -> Page {
    let mut section = Section::new("Ways to serve");
    let asked = match (limits.ttft.is_finite(), limits.tpot.is_finite()) {
        (false, false) => "no limit is set".to_owned(),
        _ => format!(
            "first token within {}, further ones within {}",
            within(limits.ttft),
            within(limits.tpot)
        ),
    };
    section.text(format!(
        "{} with prompts of {:.0} and answers of {:.0} tokens; {asked}. Users send their next request when the last \
         is answered.",
        model.name, demand.input, demand.output
    ));
    let mut table = Table::new(
        "",
        &[
            "chip",
            "format",
            "replica",
            "users",
            "first token",
            "per token",
            "tokens/s a user",
            "tokens/s a chip",
        ],
    );
    for f in found {
        for w in &f.ways {
            let mut spread = format!("TP{}", w.tensor);
            for (name, n) in [("DP", w.data), ("EP", w.experts), ("PP", w.pipeline)] {
                if n > 1 {
                    spread.push_str(&format!(" {name}{n}"));
                }
            }
            if let Some(prompts) = w.prompt_replicas {
                spread.push_str(&format!(", {prompts:.2} for prompts"));
            }
            table.row([
                w.chip.clone(),
                f.precision.clone().unwrap_or_default(),
                spread,
                format!("{:.0}", w.users),
                within(w.ttft_s),
                format!("{:.1} ms", w.tpot_s * 1e3),
                format!("{:.0}", w.interactivity),
                format!("{:.0}", w.tokens_per_s_per_chip),
            ]);
        }
    }
    section.table(table);
    section.items("How far off:", accuracy(found));
    let unable = found
        .iter()
        .filter_map(|f| Some(format!("{}: {}", f.chip, f.why.as_ref()?)))
        .collect();
    section.items("Not answered:", unable);
    let mut sections = vec![section];
    for f in found {
        let Some(lines) = &f.operators else { continue };
        let mut part = Section::new(format!("A decoding step on {}", f.chip));
        let total: f64 = lines.iter().map(|l| l.seconds).sum();
        let mut table = Table::new("", &["operator", "runs", "time", "share", "bound by"]);
        for line in lines {
            table.row([
                line.name.to_owned(),
                format!("{:.0}", line.count),
                format!("{:.3} ms", line.seconds * 1e3),
                format!("{:.1} %", 100.0 * line.seconds / total),
                bound(line.limit).to_owned(),
            ]);
        }
        part.table(table);
        sections.push(part);
    }
    Page {
        title: format!("Serving {}", model.name),
        sections,
        ..Page::default()
    }
}

/// What is known of the error on each chip that has an answer.
fn accuracy(found: &[Found]) -> Vec<String> {
    let answered = || found.iter().filter(|f| !f.ways.is_empty());
    let mut lines = Vec::new();
    if let Some([ttft, tpot]) = answered().find_map(|f| f.within90) {
        let chips: Vec<_> = answered()
            .filter(|f| f.within90.is_some())
            .map(|f| f.chip.as_str())
            .collect();
        lines.push(format!(
            "{}: by measured runs, each chip left out of the fit in turn, times to a first token are right within a \
             factor of {ttft:.1} and times per token within {tpot:.1} in nine of ten cases",
            chips.join(", ")
        ));
    }
    lines.extend(answered().filter(|f| f.within90.is_none()).map(|f| {
        format!(
            "{}: unknown; no served run of a chip of this maker was read. Its kernels take what was measured of kernels \
             on chips of its maker (perf/makers.toml), its engine is taken to be as good as those on the chips that \
             were. A measured run would tell (strait validate perf --measured)",
            f.chip
        )
    }));
    for f in answered() {
        let ends = f.ends.map_or(String::new(), |[ttft, tpot]| {
            let span = |[low, high]: [f64; 2]| format!("{low:.2} to {high:.2}");
            format!(
                " with what is assumed or disputed at its ends, times to a first token are {} times and times per token \
                 {} times those shown",
                span(ttft),
                span(tpot)
            )
        });
        if !f.assumed.is_empty() {
            let names = f.assumed.join(", ");
            let ends = if ends.is_empty() { ends } else { format!(";{ends}") };
            lines.push(format!(
                "{}: its file does not state {names}: what is typical is assumed{ends}",
                f.chip
            ));
        } else if !ends.is_empty() {
            lines.push(format!("{}:{ends}", f.chip));
        }
    }
    lines
}

fn bound(limit: Limit) -> &'static str {
    match limit {
        Limit::Compute => "arithmetic",
        Limit::MemoryBandwidth => "memory bandwidth",
        Limit::MemoryCapacity => "memory capacity",
        Limit::Network => "network",
        Limit::Overhead => "launching",
    }
}

fn within(seconds: f64) -> String {
    if seconds.is_infinite() {
        "any time".to_owned()
    } else if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}
