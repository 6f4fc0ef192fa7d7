//! Turns a chip file into a [`Chip`], collecting everything that is wrong with it.

mod declared;
mod fields;
mod parts;

use super::Form;
use super::chip::{Chip, ChipId, IoRates, Market, Memory, Software, Variant};
use super::dispute::Disputes;
use super::micro::Micro;
use super::raw_chip::{RawChip, RawVariant};
use crate::data::{DataFile, Problems, Reader, nearest};
use crate::figure::Sources;
use declared::{explain, own_sources};
use fields::{Fields, origin_of};
use parts::{peaks, read_die};
use std::ops::Range;
use toml::Spanned;

/// A chip and where the names it refers to stand, for the checks across files.
pub(crate) struct ReadChip {
    pub(crate) chip: Chip,
    pub(crate) spans: Spans,
}

/// Byte ranges of the names of other things.
pub(crate) struct Spans {
    pub(crate) id: Range<usize>,
    pub(crate) vendor: Range<usize>,
    pub(crate) flagship: Option<Range<usize>>,
    pub(crate) predecessor: Option<Range<usize>>,
}

/// Reads one chip file. `own` is a user's own chip, of which less is asked.
pub(crate) fn read_chip(file: DataFile<'_>, sources: &Sources, own: bool) -> Result<ReadChip, Problems> {
    let mut raw: RawChip = toml::from_str(file.text).map_err(|e| explain(file, &e))?;
    let declared = std::mem::take(&mut raw.source);
    let (own_sources, refused) = own_sources(declared, file, sources, own);
    let together;
    let sources = match own_sources.as_slice() {
        [] => sources,
        more => {
            let mut all = sources.clone();
            all.0.extend(more.iter().map(|s| (s.id.clone(), s.clone())));
            together = all;
            &together
        }
    };
    let default = raw
        .figures_from
        .as_ref()
        .map(|o| (crate::figure::SourceId(o.source.get_ref().clone()), o.grade));
    let mut reader = Reader::new(file, sources, default);
    if own {
        reader.missing_source = "declare it in this file: `[[source]]` with `id`, `title` and `grade`";
    }
    if let Some(origin) = &raw.figures_from {
        reader.source(origin.source.get_ref(), origin.grade, origin.source.span());
    }
    let mut read = assemble(raw, &mut reader, own);
    read.chip.own_sources = own_sources;
    reader.problems.0.extend(refused.0);
    reader.problems.or(read)
}

fn assemble(raw: RawChip, reader: &mut Reader<'_>, own: bool) -> ReadChip {
    let mut disputes = Disputes::new(raw.dispute);
    let vendor = raw.vendor.get_ref().clone();
    let id = raw.id.get_ref().clone();
    let slug = id.strip_prefix(&format!("{vendor}-")).map(str::to_owned);
    // A file of the user's own may call its chip what it likes.
    if slug.is_none() && !own {
        reader.problem(
            raw.id.span(),
            format!("id `{id}` does not begin with its vendor `{vendor}-`"),
            Some(format!("name it `{vendor}-…`")),
        );
    }
    let slug = slug.unwrap_or_else(|| id.clone());
    let perf_family = raw.perf_family.unwrap_or_else(|| {
        if !own {
            reader.problem(raw.id.span(), format!("`{id}` has no `perf_family`"), None);
        }
        "unknown".to_owned()
    });
    if raw.form == Form::MemoryStack && !(raw.peak.is_empty() && raw.die.is_empty()) {
        reader.problem(
            raw.id.span(),
            format!("`{id}` is a memory stack and has a `[[peak]]` or a `[[die]]`"),
            Some(
                "a stack is its memory and its `[package]` area; use another form for a part that computes"
                    .into(),
            ),
        );
    }
    let peaks = peaks(&raw.peak, reader, &mut disputes);
    let dies = raw
        .die
        .iter()
        .enumerate()
        .map(|(n, die)| read_die(n, die, reader, &mut disputes))
        .collect();
    let mut figures = Fields {
        reader,
        disputes: &mut disputes,
    };
    let memory = Memory {
        kind: figures.fact(raw.memory.kind),
        capacity: figures.positive("memory.capacity", raw.memory.capacity.as_ref()),
        bandwidth: figures.positive("memory.bandwidth", raw.memory.bandwidth.as_ref()),
    };
    let link = figures.fact(raw.io.scale_up_link);
    let io = IoRates {
        link_from: link.as_ref().map(origin_of),
        link: link.map(|l| l.value),
        host_link: figures.fact(raw.io.host_link),
        scale_up_bidirectional: figures.figure(
            "io.scale_up_bidirectional",
            raw.io.scale_up_bidirectional.as_ref(),
        ),
        host_bidirectional: figures.figure("io.host_bidirectional", raw.io.host_bidirectional.as_ref()),
        scale_out: figures.figure("io.scale_out", raw.io.scale_out.as_ref()),
        scale_up_domain: figures.fact(raw.io.scale_up_domain),
        scale_up_topology: figures.topology(raw.io.scale_up_topology),
    };
    let package_area = figures.positive("package.area", raw.package.area.as_ref());
    let tdp = figures.positive("power.tdp", raw.power.tdp.as_ref());
    let last_level_cache = figures.figure("cache.last_level", raw.cache.last_level.as_ref());
    let micro = Micro {
        cores: figures.positive("micro.cores", raw.micro.cores.as_ref()),
        core_label: raw.micro.core_label,
        boost_clock: figures.positive("micro.boost_clock", raw.micro.boost_clock.as_ref()),
        scratch_per_core: figures.figure("micro.scratch_per_core", raw.micro.scratch_per_core.as_ref()),
        fp16_flop_per_clock_per_core: figures.positive(
            "micro.fp16_flop_per_clock_per_core",
            raw.micro.fp16_flop_per_clock_per_core.as_ref(),
        ),
        weight_unpacking: figures.figure("micro.weight_unpacking", raw.micro.weight_unpacking.as_ref()),
        transistors: figures.positive("micro.transistors", raw.micro.transistors.as_ref()),
    };
    let market = Market {
        datacenter: figures.fact(raw.market.designed_or_marketed_for_datacenter),
        announced: figures.fact(raw.market.announced),
        never_sold: figures.fact(raw.market.never_sold),
    };
    let software = figures.fact(raw.software);
    let fact_disputes = disputes.rest(reader);
    let spans = Spans {
        id: raw.id.span(),
        vendor: raw.vendor.span(),
        flagship: raw.former_flagship.as_ref().map(Spanned::span),
        predecessor: raw.predecessor.as_ref().map(Spanned::span),
    };
    let chip = Chip {
        place: reader.place(&raw.id.span()),
        id: ChipId(id),
        name: raw.name.into_inner(),
        vendor,
        family: raw.family.unwrap_or(slug),
        default: raw.default,
        aliases: raw.aliases,
        family_aliases: raw.family_aliases,
        former_ids: raw.former_ids.into_iter().map(ChipId).collect(),
        form: raw.form,
        former_flagship: raw.former_flagship.map(|f| ChipId(f.into_inner())),
        predecessor: raw.predecessor.map(|f| ChipId(f.into_inner())),
        perf_family,
        software_from: software.as_ref().map(origin_of),
        software: software.map(|s| Software(s.value)),
        designer_country: raw.designer_country,
        market,
        peaks,
        dies,
        memory,
        io,
        package_area,
        tdp,
        last_level_cache,
        micro,
        fact_disputes,
        notes: raw.notes,
        variants: Vec::new(),
        own_sources: Vec::new(),
    };
    let variants = raw
        .variant
        .into_iter()
        .map(|v| variant(v, &chip, reader))
        .collect();
    ReadChip {
        chip: Chip { variants, ..chip },
        spans,
    }
}

fn variant(raw: RawVariant, chip: &Chip, reader: &mut Reader<'_>) -> Variant {
    for path in raw.values.keys() {
        if chip.figure(path).is_none() {
            let paths: Vec<String> = chip.figures().into_iter().map(|f| f.path).collect();
            let near = nearest(path, paths.iter().map(String::as_str)).join("`, `");
            reader.problem(
                raw.name.span(),
                format!(
                    "variant `{}` sets `{path}`, which the file does not give",
                    raw.name.get_ref()
                ),
                (!near.is_empty()).then(|| format!("did you mean `{near}`?")),
            );
        }
    }
    Variant {
        source: reader.source(raw.source.get_ref(), raw.grade, raw.source.span()),
        name: raw.name.into_inner(),
        why: raw.why,
        values: raw.values.into_iter().collect(),
        grade: raw.grade,
    }
}
