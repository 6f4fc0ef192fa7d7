//! The part of `docs/accuracy.md` on lines that err more than an interval says, and calls more than twice off.

use super::{Evaluation, Score, ScoredCalls};
use std::fmt::Write as _;

/// Below this part of a line's rows inside its interval the line is listed.
const INSIDE: f64 = 0.8;
/// From this part of its rows more than twice off.
const OFTEN: f64 = 0.01;
/// Lines of fewer rows say little.
const FEW: usize = 50;

/// A line of one operator, precision and engine on one chip left out.
struct Line<'a> {
    of: &'a ScoredCalls,
    inside: f64,
    twice: usize,
    /// Of these, calls under 20 us.
    short: usize,
}

impl<'a> Line<'a> {
    fn of(of: &'a ScoredCalls) -> Self {
        let ratio = |c: &super::ScoredCall| {
            use crate::figure::Quantity;
            (c.computed.get() / c.measured.get()).ln().abs()
        };
        let far = |c: &&super::ScoredCall| ratio(c) > std::f64::consts::LN_2;
        let twice = of.calls.iter().filter(far);
        let inside = of.calls.iter().filter(|c| ratio(c) <= c.half).count();
        #[allow(clippy::cast_precision_loss)]
        let part = inside as f64 / of.calls.len().max(1) as f64;
        Self {
            of,
            inside: part,
            twice: twice.clone().count(),
            short: twice.filter(|c| c.regime == "under_20us").count(),
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn often(&self) -> bool {
        self.twice as f64 >= OFTEN * self.of.calls.len() as f64 && self.twice > 0
    }

    fn score<'s>(&self, scores: &'s [Score]) -> Option<&'s Score> {
        scores.iter().find(|s| {
            (s.operator.as_str(), &s.precision, &s.engine, &s.chip)
                == (
                    self.of.operator.name(),
                    &self.of.precision,
                    &self.of.engine,
                    &self.of.chip,
                )
                && (s.regime.as_str(), s.shapes) == ("all", "grid")
        })
    }

    /// Why, as far as the floor and the length of the calls tell.
    fn cause(&self, found: &Evaluation) -> String {
        if self.short * 5 >= self.twice * 4 && self.twice > 0 {
            return "calls under 20 us: launch and the clock outweigh the work".to_owned();
        }
        let errors = self
            .score(&found.scores)
            .zip(self.score(&found.floors))
            .map(|(left, floor)| (left.mape, floor.mape));
        match errors {
            Some((left, floor)) if floor < 0.6 * left => {
                format!(
                    "this kernel on this chip stands apart (maturity): fitted to it alone the form errs {floor:.0} %"
                )
            }
            Some((_, floor)) => format!("the form: fitted to the chip alone it errs {floor:.0} % too"),
            None => "no floor to tell by".to_owned(),
        }
    }
}

/// Lines whose interval holds too few of their rows, and lines with calls more than twice off.
pub(super) fn outliers(text: &mut String, found: &Evaluation) {
    text.push_str(
        "\n## Lines apart\n\nAn interval is a chip's and an operator's, and holds on average over its lines; these lines hold fewer than 80 % of their rows, or have one in a hundred more than twice off. The cause is told from the floor and from the length of the calls.\n\n| operator, precision, engine | chip | rows | inside | more than twice off | of these under 20 us | cause |\n|---|---|---|---|---|---|---|\n",
    );
    let (mut rest, mut lines) = (0, 0);
    for line in found.calls.iter().map(Line::of) {
        let calls = line.of.calls.len();
        if calls < FEW || (line.inside >= INSIDE && !line.often()) {
            rest += line.twice;
            lines += usize::from(line.twice > 0);
            continue;
        }
        let _ = writeln!(
            text,
            "| {}, {}, {} | {} | {calls} | {:.0} % | {} | {} | {} |",
            line.of.operator.name(),
            line.of.precision,
            line.of.engine,
            line.of.chip,
            line.inside * 100.0,
            line.twice,
            line.short,
            line.cause(found)
        );
    }
    let _ = writeln!(
        text,
        "\nElsewhere {rest} calls of {lines} lines are more than twice off, fewer than one in a hundred of their line."
    );
}
