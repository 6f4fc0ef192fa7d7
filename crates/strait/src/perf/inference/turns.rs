//! Two batches in turn: one computes while the other's tokens travel.

use super::{Part, StepBatch, StepModel, StepTime};

impl StepModel<'_> {
    /// Where experts lie beyond the scale-up domain: the sequences that decode cut in two halves, of which one
    /// computes while the other's tokens travel (DeepSeek's profile data; SGLang's two-batch overlap). Both halves read
    /// the weights; none where one batch ends sooner. Gives a half, the time of both, and the share of their exchange that
    /// stands in the open.
    pub(super) fn in_turns(&self, batch: &StepBatch, whole: &StepTime) -> Option<(StepBatch, StepTime, f64)> {
        if batch.prompts > 0.0
            || batch.decodes < 2.0
            || self.spread.data < 2
            || self.spread.stage() <= self.system.domain
        {
            return None;
        }
        let half = StepBatch {
            decodes: 0.5 * batch.decodes,
            ..*batch
        };
        let one = self.once(&half);
        let exchange = one.communication();
        // No more is hidden than there is work to hide it behind.
        let hidden = (self.system.hidden * exchange).min(one.work() - exchange);
        let mut both = StepTime {
            work: one.work.map(|t| 2.0 * t),
            launch: 2.0 * one.launch,
            eager: 2.0 * one.eager,
            kernels: 2.0 * one.kernels,
            host: 2.0 * one.host,
        };
        both.work[Part::Communication as usize] -= 2.0 * hidden;
        let sooner = both.work() + both.launch < whole.work() + whole.launch;
        sooner.then(|| (half, both, 1.0 - hidden / exchange))
    }
}
