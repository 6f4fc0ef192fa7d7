//! Why a chip does not run a workload, and what would change that.

use super::inference::{Formats, Memory, Spread};
use super::models::Model;
use super::ops::End;
use super::run::flop_per_token;
use super::serving::NoPlan;
use super::training::Recipe;
use super::{PerfModel, Scale, Workload, WorkloadClass};
use crate::catalog::{Chip, Format};
use crate::figure::{Need, Quantity};

/// Clusters tried in turn for one that runs the workload.
const CLUSTERS: [u32; 10] = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

impl PerfModel {
    /// The facts that would decide it: figures that are missing, with what arithmetic alone would allow, or the
    /// smallest cluster that runs it.
    pub(super) fn unrun(
        &self,
        chip: &Chip,
        model: &Model,
        workload: &Workload,
        scale: Scale,
        why: NoPlan,
    ) -> Vec<Need> {
        let one = |fact: String, why: String| {
            vec![Need {
                fact,
                flag: None,
                why,
                flips: Vec::new(),
            }]
        };
        let plan = format!("a plan for {} on {} chips", model.name, scale.chips());
        match why {
            NoPlan::Missing(mut needs) => {
                if let Some(most) = compute_bound(chip, model, workload, scale) {
                    for need in &mut needs {
                        need.why = format!("{}; by its arithmetic alone at most {most}", need.why);
                    }
                }
                needs
            }
            NoPlan::Capacity => one(
                plan,
                format!(
                    "{}; {}",
                    self.full(chip, model, workload, scale),
                    self.remedy(chip, model, workload, scale)
                ),
            ),
            NoPlan::Latency { tpot, ttft } => one(
                format!("a plan for {} that meets the latency limits", model.name),
                format!(
                    "the nearest has {:.0} ms an output token and {ttft:.1} s to the first; {}",
                    tpot * 1e3,
                    self.remedy(chip, model, workload, scale)
                ),
            ),
        }
    }

    fn remedy(&self, chip: &Chip, model: &Model, workload: &Workload, scale: Scale) -> String {
        let larger = CLUSTERS
            .into_iter()
            .filter(|chips| *chips > scale.chips())
            .find(|chips| {
                self.evaluate(chip, model, workload, Scale::Cluster(*chips), End::Middle)
                    .is_ok()
            });
        larger.map_or_else(
            || "no cluster up to 4096 chips runs it".to_owned(),
            |chips| format!("the smallest cluster that does has {chips} chips"),
        )
    }

    /// What does not fit what.
    fn full(&self, chip: &Chip, model: &Model, workload: &Workload, scale: Scale) -> String {
        let capacity = self.inference.server.memory(chip, End::Middle).unwrap_or(0.0) / 1e9;
        if workload.is_training() {
            return format!("training state does not fit {capacity:.0} GB a chip");
        }
        let formats = self
            .inference
            .system(chip, End::Middle)
            .ok()
            .and_then(|s| Formats::of(Formats::usual(&s)));
        let weights = formats.map_or(0.0, |f| Memory::of(model, &f, &Spread::ONE).weights);
        format!(
            "weights of {:.0} GB and a KV cache do not fit {:.0} GB usable",
            weights / 1e9,
            f64::from(scale.chips()) * capacity * self.inference.server.usable
        )
    }
}

/// Tokens a second if arithmetic were the only limit; nothing of workloads that other limits bind.
fn compute_bound(chip: &Chip, model: &Model, workload: &Workload, scale: Scale) -> Option<String> {
    let formats = match workload.class {
        WorkloadClass::DenseTraining | WorkloadClass::MoeTraining => {
            let recipe = workload.recipe.unwrap_or_else(|| Recipe::usual(chip));
            vec![recipe.products()]
        }
        WorkloadClass::Prefill => vec![Format::Fp8, Format::Int8, Format::Fp16],
        WorkloadClass::Chat | WorkloadClass::Reasoning => return None,
    };
    let peak = formats.into_iter().find_map(|f| chip.tensor_peak(f))?;
    let flop = peak.rate.estimate().high.get() * 1e12;
    let rate = flop * f64::from(scale.chips()) / flop_per_token(model, workload);
    Some(format!("{rate:.0} tok/s"))
}
