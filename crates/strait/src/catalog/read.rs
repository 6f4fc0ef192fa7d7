//! Turns a chip file into a [`Chip`], collecting everything that is wrong with it.

use super::Form;
use super::chip::{Chip, ChipId, Die, Fact, IoRates, Market, Memory, Origin, Peak, Software, Variant};
use super::dispute::Disputes;
use super::micro::Micro;
use super::raw_chip::{RawChip, RawDie, RawOrigin, RawPeaks, RawVariant};
use super::sparse::above_trend;
use crate::data::{DataFile, Problem, Problems, RawFact, RawFigure, RawSource, Reader, nearest};
use crate::figure::{Bits, Estimate, Figure, Quantity, Source, Sources};
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

/// The sources that a user's own file declares; a file of the catalog declares none.
fn own_sources(
    declared: Vec<RawSource>,
    file: DataFile<'_>,
    register: &Sources,
    own: bool,
) -> (Vec<Source>, Problems) {
    let (mut found, mut problems): (Vec<Source>, _) = (Vec::new(), Problems::default());
    for raw in declared {
        let span = raw.id.span();
        let source = raw.source();
        let mut refuse = |message: String, help: &str| {
            problems.push(Problem::spanned(file.path, file.text, span.clone(), message).help(help));
        };
        if !own {
            refuse(
                format!("source `{}` is declared in a file of the catalog", source.id),
                "sources of the catalog stand in data/sources/",
            );
        } else if register.get(&source.id).is_some() {
            refuse(
                format!("source `{}` stands in the register already", source.id),
                "leave it away, or give yours an id of its own",
            );
        } else if found.iter().any(|known| known.id == source.id) {
            refuse(
                format!("source `{}` stands twice", source.id),
                "give the second one its own id, or delete it",
            );
        } else {
            found.push(source);
        }
    }
    (found, problems)
}

/// The problem the TOML reader reports, with a suggestion for a misspelt field.
fn explain(file: DataFile<'_>, error: &toml::de::Error) -> Problem {
    let problem = Problem::from_toml(file.path, file.text, error);
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return problem;
    }
    let typed = quoted.next().unwrap_or_default();
    let names: Vec<&str> = quoted.collect();
    if typed.contains("sparse") || typed.contains("sparsity") {
        return problem.help(
            "only dense peaks can be entered: halve a figure given with structured sparsity and put it in `tera_ops`",
        );
    }
    let near = nearest(typed, names.iter().copied());
    match near.first() {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(format!("known here: `{}`", names.join("`, `"))),
    }
}

fn assemble(raw: RawChip, reader: &mut Reader<'_>, own: bool) -> ReadChip {
    let mut disputes = Disputes::new(raw.dispute);
    let vendor = raw.vendor.get_ref().clone();
    let id = raw.id.get_ref().clone();
    let slug = id.strip_prefix(&format!("{vendor}-")).map(str::to_owned);
    if slug.is_none() {
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

/// Reads the fields of one file, each figure with its disputes.
struct Fields<'r, 'a> {
    reader: &'r mut Reader<'a>,
    disputes: &'r mut Disputes,
}

impl Fields<'_, '_> {
    fn fact<T>(&mut self, raw: Option<RawFact<T>>) -> Option<Fact<T>> {
        read_fact(self.reader, raw)
    }

    fn figure<Q: Quantity>(&mut self, path: &str, raw: Option<&RawFigure>) -> Option<Figure<Q>> {
        self.disputes.figure(self.reader, path, raw)
    }

    fn positive<Q: Quantity>(&mut self, path: &str, raw: Option<&RawFigure>) -> Option<Figure<Q>> {
        let figure = self.figure(path, raw)?;
        refuse_zero(self.reader, path, raw?, &figure);
        Some(figure)
    }
}

/// A part that is there has more than none of it; an unknown figure is left out instead.
fn refuse_zero<Q: Quantity>(reader: &mut Reader<'_>, path: &str, raw: &RawFigure, figure: &Figure<Q>) {
    if figure.value.get() <= 0.0 {
        reader.problem(
            raw.value.span(),
            format!("`{path}` is zero"),
            Some("leave the line out where the figure is not known".into()),
        );
    }
}

fn read_fact<T>(reader: &mut Reader<'_>, raw: Option<RawFact<T>>) -> Option<Fact<T>> {
    let raw = raw?;
    let (source, grade, place) = reader.fact(&raw);
    Some(Fact {
        value: raw.value.into_inner(),
        source,
        grade,
        place,
    })
}

fn origin_of<T>(fact: &Fact<T>) -> Origin {
    Origin {
        source: fact.source.clone(),
        grade: fact.grade,
    }
}

fn origin(reader: &mut Reader<'_>, raw: &RawOrigin) -> Origin {
    Origin {
        source: reader.source(raw.source.get_ref(), raw.grade, raw.source.span()),
        grade: raw.grade,
    }
}

fn peaks(raw: &[RawPeaks], reader: &mut Reader<'_>, disputes: &mut Disputes) -> Vec<Peak> {
    let mut peaks: Vec<Peak> = Vec::new();
    let mut marks = Vec::new();
    for group in raw {
        for row in &group.rows {
            let path = format!("peak.{}.{}", group.engine.name(), row.format.name());
            let span = row.tera_ops.span();
            if peaks
                .iter()
                .any(|p| p.engine == group.engine && p.format == row.format)
            {
                let help = "give the second value as a `[[dispute]]`".to_owned();
                reader.problem(span.clone(), format!("`{path}` stands twice"), Some(help));
                continue;
            }
            let figure = RawFigure {
                value: row.tera_ops.clone(),
                unit: Some(Spanned::new(span.clone(), "TOPS".to_owned())),
                source: row.source.clone(),
                grade: row.grade,
                date: None,
                alternatives: Vec::new(),
            };
            let Some(rate) = disputes.figure(reader, &path, Some(&figure)) else {
                continue;
            };
            refuse_zero(reader, &path, &figure, &rate);
            let bits = row.input_bits.get_ref();
            peaks.push(Peak {
                engine: group.engine,
                format: row.format,
                input_bits: Estimate::new(Bits::of(bits.high), Bits::of(bits.low), Bits::of(bits.high)),
                rate,
            });
            marks.push((span, row.checked.is_some()));
        }
    }
    for (peak, (span, checked)) in peaks.iter().zip(marks) {
        if let Some((base, factor)) = above_trend(peak, &peaks).filter(|_| !checked) {
            let message = format!(
                "`{} {}` is {factor:.1} times `{}`, which looks like a sparse figure given as dense",
                peak.format.name(),
                peak.rate.value.get(),
                base.format.name(),
            );
            let help =
                "enter the dense rate (usually half), or add `checked = \"why it is dense\"` to the row";
            reader.problem(span, message, Some(help.into()));
        }
    }
    peaks
}

fn read_die(n: usize, raw: &RawDie, reader: &mut Reader<'_>, disputes: &mut Disputes) -> Die {
    if let Some(count) = raw.count.as_ref().filter(|c| *c.get_ref() == 0) {
        let help = "leave the line out where the count is not known".to_owned();
        reader.problem(
            count.span(),
            format!("no `{}` in the package", raw.name),
            Some(help),
        );
    }
    let path = format!("die.{n}.area");
    let area = disputes.figure(reader, &path, raw.area.as_ref());
    if let (Some(raw), Some(area)) = (&raw.area, &area) {
        refuse_zero(reader, &path, raw, area);
    }
    let count_from = match (&raw.count_from, &raw.count) {
        (Some(from), _) => Some(origin(reader, from)),
        (None, Some(count)) => {
            let fact = RawFact {
                value: count.clone(),
                source: None,
                grade: None,
            };
            let (source, grade, _) = reader.fact(&fact);
            Some(Origin { source, grade })
        }
        (None, None) => None,
    };
    Die {
        name: raw.name.clone(),
        count: raw.count.as_ref().map_or(1, |c| *c.get_ref()),
        count_from,
        role: raw.role,
        logic: raw.logic,
        transistor: raw.transistor,
        process: read_fact(reader, raw.process.clone()),
        foundry: read_fact(reader, raw.foundry.clone()),
        area,
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
