//! Chips made of whole numbers, so that a test can hold them against a bound without rounding.

pub(crate) mod bounds;
pub(crate) mod draw;

use std::sync::LazyLock;
use strait::catalog::{Catalog, Chip, ChipId, Die, DieRole, Form, Peak, Transistor};
use strait::data::{DataSet, load_sources};
use strait::figure::{Estimate, Figure, Quantity};
use strait::rules::{AsOf, Knower, LawBook, LawDay, Transaction, Verdict};
use strait::scenario::Scenario;

static H20: LazyLock<Chip> = LazyLock::new(|| {
    let catalog = Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap();
    catalog.resolve("h20").unwrap().chip.clone()
});

/// The shipped law under a scenario.
pub(crate) fn book(scenario: &str) -> LawBook {
    let data = DataSet::embedded();
    let scenario = Scenario::read("s.toml", scenario).unwrap();
    LawBook::load(&data, &scenario, &load_sources(&data).unwrap()).unwrap_or_else(|p| panic!("{p}"))
}

/// Id of every made-up chip.
pub(crate) fn id() -> ChipId {
    ChipId("made-up-chip".into())
}

/// One peak: width of the inputs in bits, and tera-operations a second in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Bits.
    pub(crate) bits: u32,
    /// Tera-operations a second, times 10,000.
    pub(crate) tera_e4: i64,
}

/// One die design: how many, whether its transistors are non-planar, area in hundredths of a mm².
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    /// How many.
    pub(crate) count: u32,
    /// FinFET or gate-all-around.
    pub(crate) non_planar: bool,
    /// A logic die; memory does not count.
    pub(crate) logic: bool,
    /// Area of one, mm² times 100.
    pub(crate) mm2_e2: i64,
}

/// A chip in whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    /// Vendor; a letter names it or not.
    pub(crate) vendor: &'static str,
    /// Peaks.
    pub(crate) rates: Vec<Rate>,
    /// Dies.
    pub(crate) dies: Vec<Area>,
    /// Designed or marketed for data centers.
    pub(crate) datacenter: Option<bool>,
    /// DRAM bandwidth, GB/s times 100.
    pub(crate) memory_e2: i64,
    /// Scale-up link, both directions, GB/s times 100.
    pub(crate) scale_up_e2: i64,
    /// Host link, both directions, GB/s times 100.
    pub(crate) host_e2: i64,
}

impl Made {
    /// One 16-bit peak of a total processing performance, one non-planar die, a data-center part of no vendor named.
    pub(crate) fn simple(tpp_e4: i64, mm2_e2: i64) -> Self {
        assert_eq!(tpp_e4 % 16, 0, "a rate of four places");
        Self {
            vendor: "made-up",
            rates: vec![Rate {
                bits: 16,
                tera_e4: tpp_e4 / 16,
            }],
            dies: vec![Area {
                count: 1,
                non_planar: true,
                logic: true,
                mm2_e2,
            }],
            datacenter: Some(true),
            memory_e2: 10_000,
            scale_up_e2: 0,
            host_e2: 0,
        }
    }

    /// A memory stack of that bandwidth and a package of so many hundredths of a mm²; the rest is left out.
    pub(crate) fn stack(&self, mm2_e2: i64) -> Chip {
        let mut chip = self.chip();
        chip.form = Form::MemoryStack;
        chip.package_area = chip.dies[0].area.clone();
        set(chip.package_area.as_mut().unwrap(), hundredths(mm2_e2));
        chip.peaks.clear();
        chip.dies.clear();
        chip
    }

    /// As the catalog would hold it; family and name are made up.
    pub(crate) fn chip(&self) -> Chip {
        let mut chip = H20.clone();
        chip.id = id();
        chip.vendor = self.vendor.to_owned();
        chip.family = "made-up".to_owned();
        chip.form = Form::Module;
        chip.variants.clear();
        chip.fact_disputes.clear();
        let peak = chip.peaks[0].clone();
        chip.peaks = self.rates.iter().map(|r| rate(&peak, *r)).collect();
        let die = chip.dies[0].clone();
        chip.dies = self.dies.iter().map(|a| area(&die, *a)).collect();
        set(
            chip.memory.bandwidth.as_mut().unwrap(),
            hundredths(self.memory_e2),
        );
        set(
            chip.io.scale_up_bidirectional.as_mut().unwrap(),
            hundredths(self.scale_up_e2),
        );
        set(
            chip.io.host_bidirectional.as_mut().unwrap(),
            hundredths(self.host_e2),
        );
        match self.datacenter {
            Some(value) => chip.market.datacenter.as_mut().unwrap().value = value,
            None => chip.market.datacenter = None,
        }
        chip
    }
}

fn rate(peak: &Peak, rate: Rate) -> Peak {
    let mut peak = peak.clone();
    peak.input_bits = Estimate::exact(Quantity::of(f64::from(rate.bits)));
    set(&mut peak.rate, rate.tera_e4 as f64 / 1e4);
    peak
}

fn area(die: &Die, area: Area) -> Die {
    let mut die = die.clone();
    die.count = area.count;
    die.logic = area.logic;
    die.role = if area.logic {
        DieRole::Compute
    } else {
        DieRole::Memory
    };
    die.transistor = if area.non_planar {
        Transistor::NonPlanar
    } else {
        Transistor::Planar
    };
    set(die.area.as_mut().unwrap(), hundredths(area.mm2_e2));
    die
}

/// Sets a figure, without alternatives.
pub(crate) fn set<Q: Quantity>(figure: &mut Figure<Q>, value: f64) {
    figure.value = Q::of(value);
    figure.alternatives.clear();
}

fn hundredths(value: i64) -> f64 {
    value as f64 / 1e2
}

/// A deal of that day, known that day.
pub(crate) fn deal(chip: &Chip, to: &str, on: &str) -> Transaction {
    let day = on.parse().unwrap();
    Transaction::new(chip.id.clone(), to, day, day)
}

/// The law of a day as known that day, to be kept where many chips are asked.
pub(crate) fn law(book: &'static LawBook, on: &str) -> LawDay<'static> {
    let on = on.parse().unwrap();
    let (known, known_to, codified) = (on, Knower::Public, false);
    book.day(AsOf {
        on,
        known,
        known_to,
        codified,
    })
    .unwrap()
}

/// The verdict on a US designer's chip from a foundry in Taiwan.
pub(crate) fn verdict(book: &LawBook, chip: &Chip, tx: &Transaction) -> Verdict {
    book.check(chip, Some("US"), Some("TW"), tx).unwrap()
}
