//! Published traces as they stand, and lines that are wrong.

use strait::figure::Quantity;
use strait::perf::simulation::{read_azure, read_mooncake, read_trace};

const AZURE: &str = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109";

#[test]
fn azure_traces_are_read_as_published() {
    let trace = read_azure("conv.csv", AZURE).unwrap();
    assert_eq!(trace.requests.len(), 2);
    assert_eq!((trace.requests[1].input, trace.requests[1].output), (396, 109));
    assert!((trace.requests[1].arrival.get() - 4.314_579).abs() < 1e-9);
    assert_eq!(read_trace("conv.csv", AZURE).unwrap(), trace);
    // The traces of 2024 write an offset.
    let later = AZURE.replace("6805900,", "6805900+00:00,");
    assert_eq!(read_azure("conv.csv", &later).unwrap().requests.len(), 2);
}

#[test]
fn mooncake_traces_are_read_as_published() {
    let text = "{\"timestamp\": 27482, \"input_length\": 6955, \"output_length\": 52, \"hash_ids\": [46, 47]}\n\
                {\"timestamp\": 30535, \"input_length\": 6472, \"output_length\": 26, \"hash_ids\": [46, 2366]}\n";
    let trace = read_trace("toolagent.jsonl", text).unwrap();
    assert_eq!(trace.part, 512);
    assert!((trace.requests[1].arrival.get() - 3.053).abs() < 1e-9);
    assert_eq!(*trace.requests[1].parts, [46, 2366]);
}

#[test]
fn a_bad_line_is_told_with_its_field() {
    let azure = |from: &str, to: &str| {
        let e = read_azure("t.csv", &AZURE.replace(from, to)).unwrap_err();
        (e.to_string(), e.help.unwrap_or_default())
    };
    let (message, help) = azure("396", "-3");
    assert_eq!(message, "t.csv:3: `ContextTokens` is `-3`");
    assert_eq!(help, "a whole number of tokens, one or more, was expected");
    assert_eq!(azure("109", "0").0, "t.csv:3: `GeneratedTokens` is `0`");
    assert_eq!(
        azure("2023-11-16 18:15:50.9951690", "soon").0,
        "t.csv:3: `TIMESTAMP` is `soon`"
    );
    let (message, _) = azure("GeneratedTokens", "GeneratedToken");
    assert!(
        message.contains("column `GeneratedTokens` is missing; the file has `GeneratedToken`"),
        "{message}"
    );
    assert!(azure("396,109", "396").0.starts_with("t.csv:3: not a CSV record"));

    let good = "{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 2}\n";
    let mooncake = |line: &str| {
        let e = read_mooncake("t.jsonl", &format!("{good}{line}")).unwrap_err();
        (e.to_string(), e.help.unwrap_or_default())
    };
    let (message, help) = mooncake("{\"timestamp\": 1, \"input_length\": \"5\", \"output_length\": 2}");
    assert_eq!(message, "t.jsonl:2: `input_length` is `\"5\"`");
    assert_eq!(help, "a whole number of tokens, one or more, was expected");
    assert_eq!(
        mooncake("{\"timestamp\": -1, \"input_length\": 5, \"output_length\": 2}").0,
        "t.jsonl:2: `timestamp` is `-1`"
    );
    assert_eq!(
        mooncake("{\"timestamp\": 1, \"input_length\": 5}").0,
        "t.jsonl:2: `output_length` is missing"
    );
    let (message, help) = mooncake("{\"timestamp\": 1, \"input_lenght\": 5, \"output_length\": 2}");
    assert_eq!(
        (message.as_str(), help.as_str()),
        (
            "t.jsonl:2: unknown field `input_lenght`",
            "is `input_length` meant?"
        )
    );
    assert!(
        mooncake("{\"timestamp\": 1,")
            .0
            .starts_with("t.jsonl:2: not a JSON object"),
        "cut short"
    );
    assert!(read_trace("t.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n").is_err());
}
