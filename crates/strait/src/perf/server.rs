//! What is taken for the server and the network around a chip: `data/perf/server.toml`.

use super::ops::End;
use crate::catalog::Chip;
use crate::data::{DataSet, Problem, Problems, RawFigure, Reader};
use crate::figure::{Estimate, Gigabits, Gigabytes, GigabytesPerSecond, Quantity, Ratio, Seconds, Sources};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    host_link: RawFigure,
    host_share: RawFigure,
    network: RawFigure,
    domain: RawFigure,
    memory_gigabyte: RawFigure,
    memory_ecc: RawFigure,
    memory_usable: RawFigure,
    hidden: RawFigure,
    prompts_busy: RawFigure,
    transfer: RawFigure,
    transfer_latency: RawFigure,
    launch: RawFigure,
}

/// Server and network of a chip, in base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Server {
    /// Host link in one direction where a chip file has none, bytes a second.
    pub(crate) host: f64,
    /// Share of a host link that traffic between chips fills.
    pub(crate) host_share: f64,
    /// Network of a chip in one direction where its file has none, bytes a second.
    pub(crate) network: f64,
    /// Chips of a scale-up domain at least.
    pub(crate) domain: u32,
    /// Bytes of one gigabyte of a chip's memory, as makers count it.
    gigabyte: f64,
    /// Share of GDDR6 that error correction takes on data-center cards.
    ecc: f64,
    /// Share of memory that weights and cache may fill, as engines are run.
    pub(crate) usable: f64,
    /// Share of the exchange of experts that a prompt's step hides where it crosses the network.
    pub(crate) hidden: f64,
    /// Share of their time that replicas of prompts alone are kept busy, so that queues stay short.
    pub prompts_busy: Ratio,
    /// Rate at which a replica of prompts sends a cache to one that decodes, where none is asked for.
    pub transfer: GigabytesPerSecond,
    /// Delay of such a transfer beside its bytes.
    pub transfer_latency: Seconds,
    /// Host's time of a kernel that is launched by itself.
    pub launch: Estimate<Seconds>,
}

impl Server {
    /// Reads `perf/server.toml` of a data set.
    ///
    /// # Errors
    /// A file that is missing, and what does not fit in it.
    pub(crate) fn load(data: &DataSet, sources: &Sources) -> Result<Self, Problems> {
        let file = data.require("perf/server.toml")?;
        let raw: Raw = toml::from_str(file.text).map_err(|e| Problem::from_toml(file.path, file.text, &e))?;
        let mut reader = Reader::new(file, sources, None);
        let share = |reader: &mut Reader<'_>, raw: &RawFigure| {
            let value = reader.figure::<Ratio>(raw).map_or(1.0, |f| f.value.get());
            if !(value > 0.0 && value <= 1.0) {
                let expected = Some("a share above 0 and at most 1".to_owned());
                reader.problem(raw.value.span(), format!("a share is `{value}`"), expected);
            }
            value
        };
        let (host_share, ecc, usable, hidden, busy) = (
            share(&mut reader, &raw.host_share),
            share(&mut reader, &raw.memory_ecc),
            share(&mut reader, &raw.memory_usable),
            share(&mut reader, &raw.hidden),
            share(&mut reader, &raw.prompts_busy),
        );
        if busy >= 1.0 {
            let expected = Some("a share below 1: a queue that is always busy never ends".to_owned());
            reader.problem(
                raw.prompts_busy.value.span(),
                "`prompts_busy` is `1`".to_owned(),
                expected,
            );
        }
        let transfer = reader.figure::<GigabytesPerSecond>(&raw.transfer);
        let transfer = transfer.map_or(1.0, |f| f.value.get());
        if !(transfer > 0.0 && transfer.is_finite()) {
            let expected = Some("a rate above zero".to_owned());
            reader.problem(
                raw.transfer.value.span(),
                format!("`transfer` is `{transfer}`"),
                expected,
            );
        }
        let gigabyte = reader.figure::<Gigabytes>(&raw.memory_gigabyte);
        let launch = reader.figure::<Seconds>(&raw.launch).map(|f| f.estimate());
        let latency = reader.figure::<Seconds>(&raw.transfer_latency);
        let host = reader.figure::<GigabytesPerSecond>(&raw.host_link);
        let network = reader.figure::<Gigabits>(&raw.network);
        let domain = reader.figure::<Ratio>(&raw.domain);
        let domain = domain.map_or(1.0, |f| f.value.get());
        if domain < 1.0 || domain.fract() != 0.0 {
            let expected = Some("a whole number of chips".to_owned());
            reader.problem(
                raw.domain.value.span(),
                format!("a domain of `{domain}` chips"),
                expected,
            );
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let found = Self {
            host: host.map_or(0.0, |f| f.value.get() * 1e9 / 2.0),
            host_share,
            network: network.map_or(0.0, |f| f.value.get() * 1e9 / 8.0),
            domain: domain as u32,
            gigabyte: gigabyte.map_or(1e9, |f| f.value.get() * 1e9),
            ecc,
            usable,
            hidden,
            prompts_busy: Ratio::of(busy),
            transfer: GigabytesPerSecond::of(transfer),
            transfer_latency: latency.map_or(Seconds::of(0.0), |f| f.value),
            launch: launch.unwrap_or(Estimate::exact(Seconds::of(0.0))),
        };
        reader.problems.or(found)
    }

    /// Bytes of a chip's memory that programs see, at an end of what is disputed of its capacity.
    pub(crate) fn memory(&self, chip: &Chip, end: End) -> Option<f64> {
        let capacity = end.of(chip.memory.capacity.as_ref()?);
        let kind = chip.memory.kind.as_ref();
        let in_line = kind.is_some_and(|kind| kind.value.starts_with("GDDR6"))
            && chip.market.datacenter.as_ref().is_some_and(|d| d.value);
        Some(capacity * self.gigabyte * if in_line { 1.0 - self.ecc } else { 1.0 })
    }
}
