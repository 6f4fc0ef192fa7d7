//! A fit of the quarterly market as a page and as the file that is shipped with it.

use super::{Page, Section, Table};
use std::fmt::Write as _;
use strait::market::dynamics::{Form, Learned, Names, Predicted};
use strait::market::sampler::{Calibration, Moves};

/// What the fit says of each parameter and observation, as CSV.
pub(crate) fn market_fit_summary(found: &[Learned], predicted: &[Predicted]) -> String {
    let mut text = String::from(
        "# What the fit says of each parameter, and of each observation. Written by `strait calibrate market`; do not edit.\n\
         kind,id,prior,before_05,before_50,before_95,after_05,after_50,after_95,contraction,assumed,r_hat,effective_draws,observed,place\n",
    );
    for l in found {
        let _ = writeln!(
            text,
            "parameter,{},\"{}\",{:.4},{:.4},{:.4},{:.4},{:.4},{:.4},{:.3},{},{:.3},{:.0},,",
            l.id,
            l.prior,
            l.before[0],
            l.before[1],
            l.before[2],
            l.after[0],
            l.after[1],
            l.after[2],
            l.contraction,
            l.assumed,
            l.r_hat,
            l.effective_draws
        );
    }
    for p in predicted {
        let _ = writeln!(
            text,
            "observation,{},,,,,{:.5e},{:.5e},{:.5e},,,,,{:.5e},{:.3}",
            p.id, p.band[0], p.band[2], p.band[4], p.observed, p.place
        );
    }
    text
}

/// A number of many sizes with three digits.
fn short(x: f64) -> String {
    match x.abs() {
        a if a >= 1e9 => format!("{:.2} bn", x / 1e9),
        a if a >= 1e6 => format!("{:.0} m", x / 1e6),
        a if a >= 1e4 => format!("{:.0} k", x / 1e3),
        a if a >= 100.0 => format!("{x:.0}"),
        _ => format!("{x:.3}"),
    }
}

/// A fit: how far it moved each parameter, and how it meets each observation.
pub(crate) fn market_fit_page(found: &[Learned], predicted: &[Predicted], moves: &[Moves]) -> Page {
    let mut moved = Table::new(
        "From prior to posterior",
        &[
            "parameter",
            "prior",
            "before, 5–95 %",
            "after, 5–95 %",
            "median",
            "contraction",
            "R-hat",
            "draws",
            "",
        ],
    );
    let mut sorted: Vec<&Learned> = found.iter().collect();
    sorted.sort_by(|a, b| b.contraction.total_cmp(&a.contraction));
    for l in sorted {
        moved.row([
            l.id.to_owned(),
            l.prior.clone(),
            format!("{} to {}", short(l.before[0]), short(l.before[2])),
            format!("{} to {}", short(l.after[0]), short(l.after[2])),
            short(l.after[1]),
            format!("{:.0} %", l.contraction * 100.0),
            format!("{:.3}", l.r_hat),
            format!("{:.0}", l.effective_draws),
            if l.assumed {
                "assumed".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    let mut section = Section::new("Parameters");
    section.table(moved);
    let part = |taken: fn(&Moves) -> u64, tried: fn(&Moves) -> u64| {
        let sum = |of: fn(&Moves) -> u64| moves.iter().map(of).sum::<u64>() as f64;
        format!("{:.0} %", 100.0 * sum(taken) / sum(tried).max(1.0))
    };
    let worst = found.iter().map(|l| l.r_hat).fold(0.0, f64::max);
    let fewest = found
        .iter()
        .map(|l| l.effective_draws)
        .fold(f64::INFINITY, f64::min);
    section.text(format!(
        "Worst R-hat {worst:.3}, fewest effective draws {fewest:.0}; taken {} of normal moves, {} of differences, {} of those that keep the prior. {} of {} parameters moved less than a tenth and are assumed.",
        part(|m| m.normal_taken, |m| m.normal),
        part(|m| m.difference_taken, |m| m.difference),
        part(|m| m.autoregressive_taken, |m| m.autoregressive),
        found.iter().filter(|l| l.assumed).count(),
        found.len()
    ));
    let mut table = Table::new(
        "Observed beside what the fit expects to be observed",
        &[
            "row",
            "what",
            "period",
            "observed",
            "expected",
            "90 % band",
            "place",
        ],
    );
    let mut inside = 0;
    for p in predicted {
        let form = match p.form {
            Form::About => "",
            Form::Below => "at most ",
            Form::Above => "at least ",
        };
        let fits = match p.form {
            Form::About => (0.05..=0.95).contains(&p.place),
            Form::Below => p.place >= 0.05,
            Form::Above => p.place <= 0.95,
        };
        inside += usize::from(fits);
        table.row([
            p.id.clone(),
            p.what.clone(),
            p.period.clone(),
            format!("{form}{}", short(p.observed)),
            short(p.band[2]),
            format!("{} to {}", short(p.band[0]), short(p.band[4])),
            format!("{:.2}{}", p.place, if fits { "" } else { " out" }),
        ]);
    }
    let mut fitted = Section::new("Observations");
    fitted.table(table);
    fitted.text(format!(
        "{inside} of {} inside the 90 % band; these are the data that were fitted, so this is no test.",
        predicted.len()
    ));
    Page {
        title: "Market model fitted to what was published".into(),
        sections: vec![section, fitted],
        ..Page::default()
    }
}

/// Ranks of true values among the draws fitted to data made from them.
pub(crate) fn self_check_page(ranks: &[Calibration], sets: usize, draws: usize) -> Page {
    let inside = |r: &Calibration, low: f64, high: f64| {
        let place = |rank: &usize| (*rank as f64 + 0.5) / (draws + 1) as f64;
        r.ranks
            .iter()
            .map(place)
            .filter(|p| (low..=high).contains(p))
            .count() as f64
            / r.ranks.len().max(1) as f64
    };
    let mut table = Table::new(
        format!("{sets} data sets made from known parameters"),
        &[
            "parameter",
            "inside 90 %",
            "inside 50 %",
            "mean rank",
            "p-value of uniform ranks",
        ],
    );
    for r in ranks {
        let mean = r.ranks.iter().sum::<usize>() as f64 / r.ranks.len().max(1) as f64 / draws as f64;
        table.row([
            Names::ALL[r.parameter].to_owned(),
            format!("{:.0} %", inside(r, 0.05, 0.95) * 100.0),
            format!("{:.0} %", inside(r, 0.25, 0.75) * 100.0),
            format!("{mean:.2}"),
            format!("{:.2}", r.p_value),
        ]);
    }
    let all = |low: f64, high: f64| {
        100.0 * ranks.iter().map(|r| inside(r, low, high)).sum::<f64>() / ranks.len().max(1) as f64
    };
    let mut section = Section::new("Calibration of the sampler");
    section.table(table);
    section.text(format!(
        "Over all parameters the true value lies inside the central 90 % in {:.0} % of cases, inside the central 50 % in {:.0} %.",
        all(0.05, 0.95),
        all(0.25, 0.75)
    ));
    Page {
        title: "Market model on data it made itself".into(),
        sections: vec![section],
        ..Page::default()
    }
}
