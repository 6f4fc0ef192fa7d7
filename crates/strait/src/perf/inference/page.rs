//! The part of `docs/accuracy.md` about serving end to end.

use super::{ServedRun, ServingFit, far, repeated, scores};
use crate::catalog::ChipId;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What must be reached, medians of absolute percent: first tokens, further tokens.
const MUST: [(&str, f64); 2] = [("ttft", 25.0), ("tpot", 15.0)];

/// The page's part: runs computed with their chip left out, the floors beside them. `unseen` names the chips that
/// were left out of the operators' fit as well.
#[must_use]
pub fn page(
    fit: &ServingFit,
    [left_out, alone]: [&[ServedRun]; 2],
    unseen: &[&ChipId],
    skipped: &BTreeMap<String, usize>,
) -> String {
    let mut text = format!(
        "## Serving end to end\n\nMeasured serving runs (aiconfigurator's table, hash `{}`): mean time to first token \
         (TTFT) and per output token (TPOT) of a closed loop of users. Each chip in turn is left out of what is fitted \
         end to end (eight parameters an engine). {} Written by `strait validate perf --measured \
         DIR --leave-one-out --operators DIR --page docs/accuracy.md`.\n\n",
        fit.data,
        operators(unseen)
    );
    let (scored, floors) = (scores(left_out), scores(alone));
    for (phase, must) in MUST {
        let _ = writeln!(
            text,
            "### {}, median absolute error, percent; must reach {must:.0} on steady runs\n\n| chip | engine | runs | \
             left out | floor (fitted to the chip alone) | mean | bias, log | inside the 90 % interval |\n|---|---|---|---|---|---|---|---|",
            phase.to_uppercase()
        );
        let mut reached = false;
        let chosen = scored
            .iter()
            .filter(|s| s.phase == phase && s.regime == "steady" && s.precision == "all");
        for s in chosen {
            let floor = floors.iter().find(|f| {
                (f.phase, f.regime, &f.chip, &f.engine, &f.precision)
                    == (s.phase, s.regime, &s.chip, &s.engine, &s.precision)
            });
            let mark = if s.medape <= must { "" } else { "**" };
            if s.chip == "all" && s.engine == "all" {
                reached = s.medape <= must;
            }
            let _ = writeln!(
                text,
                "| {} | {} | {} | {mark}{:.1}{mark} | {} | {:.1} | {:+.2} | {:.0} % |",
                s.chip,
                s.engine,
                s.n,
                s.medape,
                floor.map_or_else(|| "–".to_owned(), |f| format!("{:.1}", f.medape)),
                s.mape,
                s.bias,
                s.coverage90 * 100.0
            );
        }
        let reached = if reached { "reached" } else { "**not reached**" };
        let _ = writeln!(
            text,
            "\nOver all steady runs: {reached}; lines beyond it are bold.\n"
        );
    }
    text.push_str(
        "### Runs that are not steady, TPOT\n\nRequests that wait for room, and prompts on replicas of their own. \
         Neither is fitted. Their first tokens wait in queues that no table describes: not scored here.\n\n\
         | chip | runs are | runs | median error | bias, log |\n|---|---|---|---|---|\n",
    );
    for s in &scored {
        if s.phase == "tpot" && s.regime != "steady" && s.precision == "all" && s.engine == "all" {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {:.1} | {:+.2} |",
                s.chip, s.regime, s.n, s.medape, s.bias
            );
        }
    }
    text.push_str(&far::table(left_out, alone));
    text.push_str(
        "\n### Runs of one setting\n\nHow far a run lies from others of its chip, model, engine, precision, spread, users \
         and lengths: what a forecast would err by that knew all that the table says, another run itself. The ranks \
         that experts are dealt to and the engine's version may differ.\n\n\
         | chip | engine | precision | runs | TTFT | TPOT |\n|---|---|---|---|---|---|\n",
    );
    for r in repeated(left_out) {
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} | {:.1} |",
            r.group.join(" | "),
            r.runs,
            r.ttft,
            r.tpot
        );
    }
    text.push_str("\n### Not scored\n\n");
    for (why, n) in skipped {
        let _ = writeln!(text, "- {n} runs: {why}");
    }
    text.push_str(NOTES);
    text
}

const NOTES: &str = "
### How to read this

- The table is a collection: engines of many versions, three load generators, options that are not said. Runs of one
  setting lie far apart (see above), most of all SGLang's in NVFP4 on B200: no model can tell which of them is asked for.
- What was read from public scripts rather than fitted stands in `data/perf/serving_rows.toml`: lengths drawn between
  0.8 and 1 of those named, ten requests a user, tokens of a step, whether prompts are split, prompts that TensorRT-LLM
  holds back for 20 steps (Llama 70B, 1k/1k, fewer than eight chips), SGLang looking for new requests every 10 or 30
  steps on B200. Nothing of a load generator is fitted: a replay of its rounds counts what first tokens wait for.
- The forms were chosen with all chips in view; the parameters never saw the left-out one.
- A run with more users than `batch_size` holds in all attention replicas is read as several replicas that share them.
  Read so, GB200's three steady runs come out right; read as one replica, the run of DeepSeek at 320 users was three
  times off. Three runs are few: no share of them inside an interval means much. Five runs of gpt-oss on H100 come out
  three times too fast: attention may have been replicated there, which the table does not say.
- Runs that do not say how many users there were are left out: `batch_size` is what the engine was set to. Numbers of
  jobs do not part a series: that of GB200 in 16 bits contradicts itself (41 ms a token at 16 users, 29 ms at 32; a
  first token after 80 s at 288).
- A chip of few runs weighs less in the spread between chips (n of n + 50), which is pooled with that of operators.
- Where first tokens stay more than twice off: B200 under SGLang in NVFP4, where a version that is not named takes 7 to
  9 s from 32 users on and 0.5.9 less than one at the same lengths of 1k; Llama 8B under TensorRT-LLM and SGLang, whose
  runs of many users end at 9,000 to 20,000 tokens a second whatever the number of chips, as if the engine's front could
  pass on no more, and under TensorRT-LLM with 8 and 16 users, where a first token takes longer the longer the answers
  are; Llama 8B under vLLM on H200, three times as fast a token as under SGLang there, as if prompts were cached.
- Of the chips only B200 stays beyond the bar: first tokens of Llama 70B in 8 and 4 bits under vLLM take a third to a
  half longer than kernels fitted on other chips say, which a fit to B200 itself knows (its floor).
- DeepSeek-R1 under TensorRT-LLM was run with and without multi-token prediction, and the table does not say which.
- First tokens of attention replicas under TensorRT-LLM wait up to 60 steps for one another (`timeout_iters`), which
  one parameter stands for.
";

/// What the operators under the runs were fitted to.
fn operators(unseen: &[&ChipId]) -> String {
    if unseen.is_empty() {
        return "The operators' parameters are those that strait ships, fitted with every chip of the operator tables."
            .to_owned();
    }
    let names: Vec<String> = unseen.iter().map(|chip| chip.to_string()).collect();
    format!(
        "The operators' parameters are fitted anew without that chip as well ({}); a chip the operator tables do not \
         hold was never in them.",
        names.join(", ")
    )
}
