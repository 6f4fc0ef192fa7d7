//! Mistakes in `data/market/` are named with file and line.

use std::collections::BTreeSet;
use strait::data::{DataSet, load_sources};
use strait::market::MarketModel;

/// The first problem that loading reports once `from` is replaced by `to` in a file.
fn complaint(path: &str, from: &str, to: &str) -> (String, usize) {
    let data = DataSet::embedded();
    let text = data.get(path).unwrap().text.to_owned();
    let at = text
        .find(from)
        .unwrap_or_else(|| panic!("`{from}` is not in {path}"));
    let line = text[..at].matches('\n').count() + 1;
    let data = data.with(path, text.replacen(from, to, 1));
    let sources = load_sources(&data).unwrap();
    let problems = MarketModel::load(&data, &sources).map(|_| ()).unwrap_err();
    (problems.0[0].to_string(), line)
}

#[test]
fn the_shipped_data_loads_and_names_chips_of_the_catalog() {
    let data = DataSet::embedded();
    let sources = load_sources(&data).unwrap();
    let model = MarketModel::load(&data, &sources).unwrap_or_else(|p| panic!("{p}"));
    // Those that the market over time does not have; its own come with a fit.
    assert_eq!(model.parameters().len(), 2);
    assert!(
        model
            .parameters()
            .iter()
            .all(|p| p.reference.place.line > Some(1) && !p.why.is_empty())
    );
    assert!(model.reported().len() > 90 && model.published_shares().len() > 70);
    // File names of the catalog are ids without the vendor's folder.
    let ids: Vec<String> = data
        .below("chips/")
        .filter_map(|f| f.path.strip_prefix("chips/")?.strip_suffix(".toml"))
        .map(|p| p.replacen('/', "-", 1))
        .collect();
    if !ids.is_empty() {
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let problems = model.check_chips(&ids);
        assert!(problems.0.is_empty(), "{problems}");
    }
}

#[test]
fn an_unknown_chip_is_named_with_its_line_and_a_near_one() {
    let data = DataSet::embedded();
    let text =
        data.get("market/goods.toml")
            .unwrap()
            .text
            .replacen("\"nvidia-h20-96gb\"", "\"nvidia-h20-96\"", 1);
    let line = text[..text.find("\"nvidia-h20-96\"").unwrap()]
        .matches('\n')
        .count()
        + 1;
    let data = data.with("market/goods.toml", text);
    let model = MarketModel::load(&data, &load_sources(&data).unwrap()).unwrap();
    let mut ids: BTreeSet<String> = model
        .candidates(
            strait::market::Quarter {
                year: 2026,
                quarter: 1,
            },
            jiff::civil::date(2026, 3, 31),
        )
        .into_iter()
        .map(|c| c.chip.0)
        .collect();
    ids.remove("nvidia-h20-96");
    ids.insert("nvidia-h20-96gb".into());
    let ids = ids.iter().map(String::as_str).collect();
    let found = model.check_chips(&ids);
    let problem = found
        .0
        .iter()
        .find(|p| p.message.contains("`nvidia-h20-96`"))
        .expect("it is unknown");
    assert_eq!(problem.place.to_string(), format!("market/goods.toml:{line}"));
    assert!(problem.help.as_ref().unwrap().contains("nvidia-h20-96gb"));
}

#[test]
fn rows_of_one_good_that_overlap_are_refused() {
    let first = "chip = \"nvidia-a100-sxm-80gb\"\nvendor = \"nvidia\"\nchannel = \"grey\"";
    let (problem, line) = complaint("market/goods.toml", first, &first.replace("grey", "direct"));
    assert!(
        problem.starts_with(&format!(
            "market/goods.toml:{line}: `nvidia-a100-sxm-80gb` overlaps its row at"
        )),
        "{problem}"
    );
}

#[test]
fn sources_grades_numbers_and_names_are_checked() {
    for (path, from, to, expected) in [
        (
            "market/parameters.toml",
            "id = \"cut_off_risk\"",
            "id = \"cut_of_risk\"",
            "`cut_of_risk` is no parameter of the market",
        ),
        (
            "market/parameters.toml",
            "b = 0.15",
            "b = -0.15",
            "`a = 0.3`, `b = -0.15` is no prior of this kind",
        ),
        (
            "market/supply.csv",
            ",rumour,\n",
            ",official,\n",
            "grade `official` is better than source",
        ),
        (
            "market/supply.csv",
            "50000,100000,200000",
            "150000,100000,200000",
            "`150000`, `100000`, `200000` where low",
        ),
        (
            "market/revenue.csv",
            ",recalled,recalled,",
            ",recaled,recalled,",
            "source `recaled` is not in the register",
        ),
        (
            "market/revenue.csv",
            ",recalled,recalled,",
            ",,recalled,",
            "a figure without a source",
        ),
        (
            "market/china_share.csv",
            "sh012,",
            "sh013,",
            "row `sh013` stands twice",
        ),
        (
            "market/segments.toml",
            "value = 0.58",
            "value = 0.85",
            "segment shares at one site sum to",
        ),
        (
            "market/segments.toml",
            "chat = 0.3",
            "chat = 0.4",
            "workload mix sums to",
        ),
    ] {
        let (problem, line) = complaint(path, from, to);
        let (place, message) = problem.split_once(": ").unwrap();
        assert!(message.starts_with(expected), "{problem}");
        let (file, at) = place.split_once(':').unwrap();
        let at: usize = at.parse().unwrap();
        assert!(
            file == path && at.abs_diff(line) <= 6,
            "{problem} (changed line {line})"
        );
    }
}
