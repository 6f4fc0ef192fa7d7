//! The figures that rules read, as filed or under a variant: values that hold together in place of the filed ones.

use crate::catalog::{Chip, Peak, Variant};
use crate::figure::{Figure, Quantity};
use crate::rules::chip::metrics::{Range, decimal};

/// A chip's figures, those of a variant before those filed. Nothing is copied: every check asks for each variant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures<'c> {
    pub(crate) chip: &'c Chip,
    pub(crate) variant: Option<&'c Variant>,
}

impl Figures<'_> {
    /// A figure by its path; unknown where the file has none.
    pub(crate) fn at<Q: Quantity>(&self, path: &[&str], filed: Option<&Figure<Q>>) -> Range {
        let Some(filed) = filed else {
            return Range::UNKNOWN;
        };
        let values = self.variant.iter().flat_map(|variant| &variant.values);
        let mut set = values
            .filter(|(known, _)| known.split('.').eq(path.iter().copied()))
            .map(|(_, value)| *value);
        set.next_back().map_or_else(
            || Range::of(&filed.estimate()),
            |value| Range::exactly(decimal(value)),
        )
    }

    /// The dense rate of a peak.
    pub(crate) fn rate(&self, peak: &Peak) -> Range {
        self.at(
            &["peak", peak.engine.name(), peak.format.name()],
            Some(&peak.rate),
        )
    }

    /// The area of one die of a design, which paths know by its place in the file.
    pub(crate) fn die(&self, place: usize) -> Range {
        self.at(
            &["die", &place.to_string(), "area"],
            self.chip.dies[place].area.as_ref(),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, Variant};
    use crate::data::DataSet;
    use crate::rules::chip::metrics::Measured;
    use crate::scenario::Scenario;

    /// Whatever figure a variant sets, the law measures the chip that has it.
    #[test]
    fn a_variant_measures_as_the_chip_with_its_values() {
        let catalog = Catalog::load(&DataSet::embedded(), &Scenario::default()).unwrap();
        let variant = catalog.resolve("mi308x").unwrap().chip.variants[0].clone();
        for (name, path, value) in [
            ("mi308x", "peak.tensor.fp8", 700.0),
            ("mi308x", "die.0.area", 115.5),
            ("mi308x", "memory.bandwidth", 4000.5),
            ("h20", "io.scale_up_bidirectional", 899.0),
            ("h20", "io.host_bidirectional", 64.0),
            ("hbm3e-24gb", "package.area", 99.0),
        ] {
            let filed = catalog.resolve(name).unwrap().chip;
            let mut chip = filed.clone();
            chip.variants = vec![Variant {
                values: vec![(path.to_owned(), value)],
                ..variant.clone()
            }];
            let other = filed
                .with_value(path, value, &crate::figure::Place::whole("tried"))
                .unwrap();
            let found = Measured::under(&chip, chip.variants.first());
            assert_eq!(found, Measured::of(&other), "{path}");
            assert_ne!(found, Measured::of(filed), "{path} changes nothing");
        }
    }
}
