use strait::catalog::Catalog;
use strait::data::{DataSet, load_sources};
use strait::perf::training::StepSummary;
use strait::perf::*;
use strait::scenario::Scenario;
fn main() {
    if std::env::args().nth(1).as_deref() == Some("s") {
        use std::time::Instant;
        use strait::perf::training::*;
        let data = DataSet::embedded();
        let s = load_sources(&data).unwrap();
        let m = PerfModel::load(&data, &s).unwrap();
        let c = Catalog::load(&data, &Scenario::default()).unwrap();
        let model = m.model(&ModelId("gpt-3-175b".into())).unwrap();
        for chip in ["nvidia-a100-sxm-80gb"] {
            let chip = c.get(&strait::catalog::ChipId(chip.into())).unwrap();
            let job = Job {
                model,
                chips: 4096,
                sequence: 2048,
                batch: 4096,
                arithmetic: strait::catalog::Format::Fp16,
                attention: Kernel::Fused,
                gradient_bytes: 2.0,
                trained: Trained::All,
            };
            for (b, e) in [
                (Breadth::Narrow, Effort::Pruned),
                (Breadth::Wide, Effort::Pruned),
                (Breadth::Wide, Effort::Exhaustive),
            ] {
                let t = Instant::now();
                if let strait::figure::Outcome::Known(f) =
                    m.search_training(chip, &job, &Fixed::default(), b, e, &|_, _| true)
                {
                    let s = t.elapsed().as_secs_f64();
                    println!(
                        "{b:?} {e:?} {} examined {} fit {s:.3} s, {:.0} plans/s; best {:?} {}",
                        f.examined,
                        f.fitting,
                        f.examined as f64 / s,
                        f.steps[0].plan,
                        f.steps[0].seconds
                    );
                }
            }
        }
        let l = m.model(&ModelId("llama-3.1-70b".into())).unwrap();
        for (chip, b) in [
            ("nvidia-h20-96gb", 1024),
            ("nvidia-h100-sxm", 1024),
            ("huawei-ascend-910b3", 1024),
            ("huawei-ascend-910c", 1024),
            ("amd-mi300x", 1024),
            ("baidu-kunlun-p800", 1024),
        ] {
            let Some(ch) = c.get(&strait::catalog::ChipId(chip.into())) else {
                println!("no {chip}");
                continue;
            };
            let t = Instant::now();
            let job = Job {
                model: l,
                chips: 1024,
                sequence: 8192,
                batch: b,
                arithmetic: strait::catalog::Format::Fp16,
                attention: Kernel::Fused,
                gradient_bytes: 2.0,
                trained: Trained::All,
            };
            if let strait::figure::Outcome::Known(f) = m.search_training(
                ch,
                &job,
                &Fixed::default(),
                Breadth::Narrow,
                Effort::Pruned,
                &|_, _| true,
            ) {
                if let Some(s) = f.steps.first() {
                    println!(
                        "{chip} {:.0} tok/s/chip mfu {:.3} {:?} {:.4}s",
                        strait::figure::Quantity::get(s.per_chip),
                        strait::figure::Quantity::get(s.mfu),
                        s.plan,
                        t.elapsed().as_secs_f64()
                    );
                } else {
                    println!("{chip} none {}", f.least)
                }
            } else {
                println!("{chip} unknown")
            }
        }
        return;
    }
    let data = DataSet::embedded();
    let s = load_sources(&data).unwrap();
    let m = PerfModel::load(&data, &s).unwrap_or_else(|p| panic!("{p}"));
    let c = Catalog::load(&data, &Scenario::default()).unwrap();
    let leave = std::env::args().nth(1).is_some();
    if leave {
        let f = m.calibrate_training(|i| c.get(i));
        println!("{}", f.to_toml());
    }
    let r = m.validate_training(|i| c.get(i), leave);
    for x in &r.rows {
        {
            println!(
                "{} {} {} {:.3} {:.3} {:+.1}% left {:+.1}% floor {:+.1}%",
                x.id,
                x.chip,
                x.source,
                strait::figure::Quantity::get(x.measured),
                strait::figure::Quantity::get(x.computed),
                x.error * 100.,
                x.left_out.unwrap_or(0.) * 100.,
                x.floor.unwrap_or(0.) * 100.
            )
        }
    }
    println!("{:?}", StepSummary::of(r.rows.iter().map(|x| x.error)));
    println!("{:?}", StepSummary::of(r.rows.iter().filter_map(|x| x.left_out)));
    for f in ["ampere", "hopper"] {
        println!(
            "{f} {:?}",
            StepSummary::of(r.rows.iter().filter(|x| x.family == f).filter_map(|x| x.left_out))
        );
        println!(
            "{f} floor {:?}",
            StepSummary::of(r.rows.iter().filter(|x| x.family == f).filter_map(|x| x.floor))
        );
    }
    println!("{} skipped", r.skipped.len());
    println!("{:?}", &r.skipped[..3.min(r.skipped.len())]);
}
