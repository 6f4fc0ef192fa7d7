//! Memory, link and host rates and their sums; bandwidth density of a memory stack.

use super::{Input, RateSum, Work, compare};
use crate::catalog::Chip;
use crate::figure::{Figure, GigabytesPerSecond};
use crate::rules::chip::metrics::Range;
use crate::rules::{Interval, MetricName};

type Rate<'a> = (&'static str, Option<&'a Figure<GigabytesPerSecond>>);

pub(super) fn sums(work: &Work<'_>) -> Vec<RateSum> {
    let (chip, measured) = (work.chip, &work.measured);
    let memory: Rate<'_> = ("memory.bandwidth", chip.memory.bandwidth.as_ref());
    if measured.stack.is_some() {
        return vec![
            sum(work, MetricName::MemoryBandwidth, &[memory], measured.bandwidth),
            stack(work),
        ];
    }
    let link: Rate<'_> = (
        "io.scale_up_bidirectional",
        chip.io.scale_up_bidirectional.as_ref(),
    );
    let host: Rate<'_> = ("io.host_bidirectional", chip.io.host_bidirectional.as_ref());
    let named: [(MetricName, &[Rate<'_>], Range); 5] = [
        (MetricName::MemoryBandwidth, &[memory], measured.bandwidth),
        (MetricName::Io2022, &[link, host], measured.io_2022),
        (MetricName::ScaleUp, &[link], measured.scale_up),
        (
            MetricName::MemoryPlusIo,
            &[memory, link, host],
            measured.memory_plus_io(),
        ),
        (
            MetricName::MemoryPlusScaleUp,
            &[memory, link],
            measured.memory_plus_scale_up(),
        ),
    ];
    named
        .into_iter()
        .map(|(metric, terms, result)| sum(work, metric, terms, result))
        .collect()
}

fn sum(work: &Work<'_>, metric: MetricName, rates: &[Rate<'_>], result: Range) -> RateSum {
    let given = |(path, figure): &Rate<'_>| figure.map(|f| Input::of(*path, f));
    let terms: Vec<Input> = rates.iter().filter_map(given).collect();
    let missing = rates.iter().filter(|r| r.1.is_none()).map(|r| r.0.to_owned());
    let words: Vec<String> = rates
        .iter()
        .map(|r| given(r).map_or_else(|| format!("{} (not known)", r.0), |i| i.value.to_string()))
        .collect();
    let result = Interval::of(result);
    let text = match words.as_slice() {
        [one] => one.clone(),
        all => format!("{} = {result}", all.join(" + ")),
    };
    RateSum {
        metric,
        definitions: work.definitions(metric),
        terms,
        missing: missing.collect(),
        result,
        text,
        comparisons: compare::bounds(work, metric),
    }
}

/// 3A090.c: bandwidth over the area of the package or stack.
fn stack(work: &Work<'_>) -> RateSum {
    let Chip {
        memory, package_area, ..
    } = work.chip;
    let metric = MetricName::HbmDensity;
    let bandwidth = memory
        .bandwidth
        .as_ref()
        .map(|f| Input::of("memory.bandwidth", f));
    let area = package_area.as_ref().map(|f| Input::of("package.area", f));
    let missing = [
        ("memory.bandwidth", bandwidth.is_none()),
        ("package.area", area.is_none()),
    ];
    // Rounded by the same function as the verdict's metrics; comparisons never read it.
    let shown = super::shown(work.measured.display(work.chip).hbm_density.as_ref());
    let result = shown.unwrap_or(Interval::of(Range::UNKNOWN));
    let text = match (&bandwidth, &area) {
        (Some(b), Some(a)) => format!(
            "{} / {} = {}, rounded; compared by cross-multiplication",
            b.value, a.value, result
        ),
        _ => "not known".to_owned(),
    };
    RateSum {
        metric,
        definitions: work.definitions(metric),
        terms: [bandwidth, area].into_iter().flatten().collect(),
        missing: missing
            .into_iter()
            .filter(|(_, gone)| *gone)
            .map(|(path, _)| path.to_owned())
            .collect(),
        result,
        text,
        comparisons: compare::bounds(work, metric),
    }
}
