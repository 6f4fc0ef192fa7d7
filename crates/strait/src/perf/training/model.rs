//! What training is computed from: fitted kernels, fitted parameters, published steps.

use super::fit::Known;
use super::hardware::Hardware;
use super::parameters::{self, Fitted};
use super::published::PublishedStep;
use super::rows::{self, Row};
use crate::catalog::{Chip, ChipId, Format};
use crate::data::{DataSet, Problems};
use crate::figure::{Need, Sources};
use crate::perf::inference::{Formats, Inference, Makers};
use crate::perf::kernels::{Kernels, Lent};
use crate::perf::models::Model;
use crate::perf::ops::{Device, End, Operator, Precision, Typical};
use crate::perf::server::Server;
use crate::perf::{ModelId, PerfModel};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kernels, parameters and rows.
#[derive(Debug, Clone)]
pub(crate) struct Training {
    pub(crate) kernels: Arc<Kernels>,
    /// What is taken for figures that chip files leave out.
    pub(crate) typical: Arc<Typical>,
    /// What is taken for the server and the network around a chip.
    pub(crate) server: Server,
    /// How mature kernels are on chips of other makers.
    pub(crate) makers: Arc<Makers>,
    pub(crate) fitted: Fitted,
    /// Choices of experts on the busiest rank over the mean, where given.
    pub(crate) load: Option<f64>,
    pub(crate) rows: Vec<Row>,
}

impl Training {
    pub(crate) fn load(
        data: &DataSet,
        inference: &Inference,
        sources: &Sources,
        models: &BTreeMap<ModelId, Model>,
    ) -> Result<Self, Problems> {
        Ok(Self {
            kernels: inference.kernels.clone(),
            typical: inference.typical.clone(),
            server: inference.server,
            makers: inference.makers.clone(),
            fitted: parameters::read(data.require("perf/training.toml")?)?,
            load: None,
            rows: rows::read(data.require("validation/training.csv")?, sources, models)?,
        })
    }

    /// Whose kernels time the products of a format, where none were measured in it.
    pub(crate) fn lent(&self, products: Format) -> Option<Lent> {
        let precision = Formats::word(products).and_then(Precision::of)?;
        self.kernels.lent(Operator::Gemm, &precision)
    }

    /// Half-width of the 90 % interval of the logarithm of a time that this adds.
    pub(crate) fn lending(&self, chip: &Chip, products: Format) -> f64 {
        let precision = Formats::word(products).and_then(Precision::of);
        let (Some(precision), Ok(device)) = (precision, Device::of(chip, &self.typical, End::Middle)) else {
            return 0.0;
        };
        self.kernels.lending(Operator::Gemm, &precision, true, &device)
    }

    /// The chip at an end of what is disputed or assumed; the figures it lacks where it lacks one.
    pub(crate) fn hardware(&self, chip: &Chip, end: End) -> Result<Hardware, Vec<Need>> {
        Hardware::of(chip, self, end)
    }
}

/// Chips of rows, by id: the family of each and its hardware.
pub(crate) type Chips<'c> = BTreeMap<ChipId, (&'c str, Hardware)>;

impl PerfModel {
    /// Hardware of every chip that a step names and `chip` knows.
    pub(crate) fn training_chips<'s, 'c>(
        &self,
        steps: impl Iterator<Item = &'s PublishedStep>,
        chip: &impl Fn(&ChipId) -> Option<&'c Chip>,
    ) -> Chips<'c> {
        let mut found = Chips::new();
        for step in steps {
            let Some(of) = chip(&step.chip) else { continue };
            if let Ok(hardware) = self.training.hardware(of, End::Middle) {
                found.insert(step.chip.clone(), (of.perf_family.as_str(), hardware));
            }
        }
        found
    }

    /// A step whose plan is known, ready to be computed.
    pub(crate) fn known<'a>(&'a self, step: &PublishedStep, chips: &'a Chips<'_>) -> Option<Known<'a>> {
        let (family, hardware) = chips.get(&step.chip)?;
        let model = self.models.get(&step.model)?;
        Some(Known {
            job: step.job(model),
            plan: step.plan(model)?,
            hardware,
            family,
            measured: step.measured,
        })
    }
}
