//! Operators that other simulators published: read from a few lines in their layouts, and scored.

use strait::catalog::{Catalog, ChipId};
use strait::data::DataSet;
use strait::perf::kernels::read;
use strait::perf::measured::{Cell, Records};
use strait::perf::ops::{Call, Device, End, Typical};
use strait::perf::published::{
    PublishedRow, Publisher, Work, page, read_llmcompass, read_vidur, score, vidur_table,
};
use strait::scenario::Scenario;

fn llmcompass(name: &str, text: &str) -> Vec<PublishedRow> {
    read_llmcompass(name, text)
        .expect("one of theirs")
        .unwrap_or_else(|p| panic!("{p}"))
}

#[test]
fn llmcompass_files_are_known_by_name_and_read() {
    assert!(read_llmcompass("die_area.csv", "").is_none());
    let rows = llmcompass(
        "ae_figure5_ab_real_hardware_matmul_A100.csv",
        "64, 12288, 12288, 0.1900ms, 101.7124Tflops\n",
    );
    assert_eq!((rows[0].operator, rows[0].by_host), ("matmul", true));
    assert!((rows[0].seconds - 0.19e-3).abs() < 1e-12);
    let Work::Call(Call::Gemm(g)) = &rows[0].work else {
        panic!()
    };
    assert_eq!((g.m, g.n, g.k), (64.0, 12288.0, 12288.0));
    // 4096 x 8192 elements at 216.5e9 a second.
    let rows = llmcompass("x_softmax_A100.csv", "4096, 8192, 216.5\n\n");
    assert!((rows[0].seconds - 4096.0 * 8192.0 / 216.5e9).abs() < 1e-12);
    let wrong = |text| {
        read_llmcompass("x_gelu_A100.csv", text)
            .unwrap()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        wrong("1024, 2\n2048\n"),
        "x_gelu_A100.csv:2: a line of 1 fields where 2 were expected"
    );
    assert_eq!(
        wrong("1024, fast\n"),
        "x_gelu_A100.csv:1: `fast` is no positive number"
    );
}

fn records(file: &str, columns: &[&str], rows: &[&[Cell]]) -> Records {
    Records {
        file: file.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        cells: rows.iter().flat_map(|r| r.iter().cloned()).collect(),
        ..Records::default()
    }
}

#[test]
fn vidur_collectives_stay_on_one_link() {
    assert!(vidur_table("a100_dgx_all_reduce.csv") && !vidur_table("a100.gemm.csv"));
    let columns = [
        "time_stats.all_reduce.median",
        "num_workers",
        "size",
        "devices_per_node",
        "max_devices_per_node",
    ];
    let n = |x: f64| Cell::Number(x);
    let table = |workers, node, whole| {
        let row = [n(0.675), n(workers), n(67_108_864.0), n(node), n(whole)];
        read_vidur(&records("a100_dgx_all_reduce.csv", &columns, &[&row]))
            .unwrap()
            .unwrap()
    };
    assert_eq!(table(8.0, 8.0, 8.0).len(), 1);
    assert!((table(8.0, 8.0, 8.0)[0].seconds - 0.675e-3).abs() < 1e-12);
    assert!(table(16.0, 8.0, 8.0).is_empty(), "two nodes");
    assert!(table(4.0, 4.0, 4.0).is_empty(), "two pairs of bridges");
    let missing = records(
        "a100_dgx_all_reduce.csv",
        &columns[1..],
        &[&[n(8.0), n(8.0), n(8.0), n(8.0)]],
    );
    let error = read_vidur(&missing).unwrap().unwrap_err().to_string();
    assert!(
        error.contains("column `time_stats.all_reduce.median` is missing"),
        "{error}"
    );
}

/// Rows of the table itself: with 4,096 keys in all, 384, 2,240 and 4,096 queries take 193, 1,150 and 2,314 us, as long a
/// query at the front as at the back. Read as they are, the last is no harder to predict than the first.
#[test]
fn vidurs_prefill_meets_every_key() {
    let columns = [
        "n_embd",
        "n_q_head",
        "n_kv_head",
        "num_tensor_parallel_workers",
        "batch_size",
        "prefill_chunk_size",
        "kv_cache_size",
        "time_stats.attn_prefill.median",
    ];
    let row = |tokens: f64, cached: f64, ms: f64| {
        [8192.0, 64.0, 8.0, 2.0, 1.0, tokens, cached, ms].map(Cell::Number)
    };
    let (first, middle, last) = (
        row(384.0, 3712.0, 0.193),
        row(2240.0, 1856.0, 1.150),
        row(4096.0, 0.0, 2.314),
    );
    let records = records(
        "a100_llama2_70b_tp2_attention.csv",
        &columns,
        &[&first, &middle, &last],
    );
    let rows = read_vidur(&records).unwrap().unwrap();
    let pairs = |row: &PublishedRow| match &row.work {
        Work::Call(Call::AttentionPrefill(p)) => p.tokens * p.cached + p.tokens * p.tokens / 2.0,
        other => panic!("{other:?}"),
    };
    let rates: Vec<f64> = rows.iter().map(|row| pairs(row) / row.seconds).collect();
    assert_eq!(pairs(&rows[2]), 4096.0 * 4096.0);
    for rate in &rates {
        assert!((0.88..1.12).contains(&(rate / rates[1])), "{rates:?}");
    }
}

#[test]
fn the_hosts_part_is_taken_from_the_smallest_call_and_far_rows_are_listed() {
    let data = DataSet::embedded();
    let catalog = Catalog::load(&data, &Scenario::default()).unwrap_or_else(|p| panic!("{p}"));
    let kernels = read(data.get("perf/operators.toml").unwrap()).unwrap_or_else(|p| panic!("{p}"));
    let typical = Typical::load(&data, &catalog.sources).unwrap_or_else(|p| panic!("{p}"));
    let device = |id: &ChipId| {
        catalog
            .get(id)
            .and_then(|c| Device::of(c, &typical, End::Middle).ok())
    };
    // Published: the smallest call at 45 us, one as fast as memory allows, one ten times slower.
    let text = "1024, 0.0227\n268435456, 379.5\n536870912, 39.0\n";
    let rows = llmcompass("x_gelu_A100.csv", text);
    let found = score(&rows, &kernels, device);
    let s = &found.scores[0];
    assert_eq!((s.n, s.far, s.publisher), (2, 1, Publisher::LlmCompass));
    assert!((s.host.unwrap() - 42e-6).abs() < 3e-6, "{:?}", s.host);
    assert_eq!(found.far.len(), 1);
    assert!(found.far[0].worst > 9.0 && found.far[0].example == "536870912 elements");
    let text = page(&found, Publisher::LlmCompass, "abc");
    assert!(text.contains("10.9 %") && text.contains("| gelu | 2 |") && text.contains("536870912 elements"));
    // A chip without figures is told, not dropped.
    let none = score(&rows, &kernels, |_| None);
    assert_eq!(none.unpredicted.values().sum::<usize>(), 3);
}
