//! Requests that are drawn.

use strait::figure::Quantity;
use strait::perf::simulation::{Arrivals, Length, synthetic};

#[test]
fn drawn_requests_have_the_asked_rate_and_means() {
    let arrivals = Arrivals {
        rate: 4.0,
        variation: 2.0,
    };
    let trace = synthetic(
        1,
        20_000,
        arrivals,
        Length {
            mean: 1155.0,
            variation: 1.0,
        },
        Length {
            mean: 211.0,
            variation: 0.0,
        },
    );
    assert!((trace.rate() / 4.0 - 1.0).abs() < 0.05, "{}", trace.rate());
    let mean = trace.requests.iter().map(|r| f64::from(r.input)).sum::<f64>() / 20_000.0;
    assert!((mean / 1155.0 - 1.0).abs() < 0.03, "{mean}");
    assert!(trace.requests.iter().all(|r| r.output == 211));
    let gaps: Vec<f64> = trace
        .requests
        .windows(2)
        .map(|w| (w[1].arrival - w[0].arrival).get())
        .collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let variance = gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    assert!((variance.sqrt() / mean - 2.0).abs() < 0.1);
    assert!((trace.at_rate(9.0).rate() - 9.0).abs() < 1e-9);
}
