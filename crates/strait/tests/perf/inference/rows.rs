//! The serving fit as written, and the rows of the published table of served runs: users, replicas, formats and how
//! engines were set.

use super::inference;
use std::collections::BTreeMap;
use strait::catalog::ChipId;
use strait::data::{DataFile, DataSet, load_sources};
use strait::perf::inference::{ServingFit, ServingNames};

#[test]
fn the_serving_fit_is_written_as_it_is_read() {
    let fit = &inference().fit;
    let text = fit.to_toml();
    let again = ServingFit::read(DataFile {
        path: "perf/serving.toml",
        text: &text,
    })
    .unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(again, *fit);
    let broken = text.replacen("captured", "capture", 1);
    let problems = ServingFit::read(DataFile {
        path: "perf/serving.toml",
        text: &broken,
    })
    .unwrap_err()
    .to_string();
    assert!(
        problems.contains("captured") && problems.contains("capture"),
        "{problems}"
    );
}

fn names() -> ServingNames {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    ServingNames::read(data.get("perf/serving_rows.toml").unwrap(), &sources)
        .unwrap_or_else(|p| panic!("{p}"))
}

#[test]
fn rows_of_the_published_table_are_read_as_their_makers_meant_them() {
    let systems = BTreeMap::from([("b200_sxm".to_owned(), ChipId("nvidia-b200".into()))]);
    let names = names();
    let row = |changes: &[(&str, &str)]| {
        let mut cells = BTreeMap::from([
            ("id", "r"),
            (
                "silicon_data_source",
                "db-dump/x; silicon_concurrency=256; measured=y",
            ),
            ("backend", "trtllm"),
            ("model_path", "deepseek-ai/DeepSeek-V3"),
            ("system", "b200_sxm"),
            ("mode", "agg"),
            ("isl", "1024"),
            ("osl", "1024"),
            ("gemm_quant_mode", "nvfp4"),
            ("batch_size", "4.0"),
            ("tp_size", "1.0"),
            ("attention_dp_size", "64.0"),
            ("moe_ep_size", "8.0"),
            ("silicon_ttft_ms", "790"),
            ("silicon_tpot_ms", "24"),
        ]);
        cells.extend(changes.iter().copied());
        names.row(&|name| cells.get(name).map(|s| (*s).to_owned()), &systems)
    };
    let read = row(&[]).unwrap();
    assert_eq!(
        (read.spread.tensor, read.spread.data, read.spread.experts),
        (1, 8, 8)
    );
    assert_eq!(
        (read.users, read.workers, read.client.as_str()),
        (256.0, 1.0, "inferencex")
    );
    assert_eq!(
        (read.formats.attention.name, read.formats.experts.name),
        ("bf16", "nvfp4")
    );
    assert!((read.tpot - 0.024).abs() < 1e-12);
    assert_eq!((read.intake.tokens, read.intake.chunked), (8192.0, false));
    let shared = row(&[("attention_dp_size", "8.0"), ("batch_size", "16.0")]).unwrap();
    assert_eq!(shared.workers, 2.0, "256 users, 8 x 16 to a replica");
    let sglang = |users| {
        let source = format!("db-dump/x; silicon_concurrency={users}");
        row(&[("backend", "sglang"), ("silicon_data_source", &source)])
            .unwrap()
            .intake
            .poll
    };
    assert_eq!((sglang(15), sglang(16)), (10.0, 30.0));
    let held = |tensor| {
        let llama = [
            ("model_path", "meta-llama/Llama-3.1-70B"),
            ("attention_dp_size", "1.0"),
            ("moe_ep_size", "1.0"),
            ("tp_size", tensor),
            ("batch_size", "256.0"),
        ];
        row(&llama).unwrap().intake.hold
    };
    assert_eq!((held("4.0"), held("8.0")), (20.0, 0.0));
    for (changes, why) in [
        (&[("system", "h300")][..], "not mapped"),
        (&[("model_path", "x/y")], "not among those"),
        (&[("backend", "lmdeploy")], "no fitted kernels"),
        (&[("isl", "")], "`isl`"),
        (
            &[("tp_size", "72.0"), ("attention_dp_size", "1.0")],
            "not understood",
        ),
        (
            &[
                ("model_path", "deepseek-ai/DeepSeek-R1"),
                ("silicon_data_source", "source_file=2026-04-06.csv"),
            ],
            "multi-token prediction",
        ),
        (&[("silicon_data_source", "db-dump/x")], "users is not said"),
    ] {
        let found = row(changes).unwrap_err();
        assert!(found.contains(why), "{found}");
    }
}
