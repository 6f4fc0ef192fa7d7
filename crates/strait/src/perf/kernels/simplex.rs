//! Nelder and Mead's downhill simplex on logarithms of bounded parameters, restarted twice.

/// Steps of the first simplex and of its restarts; signs differ so that a restart looks elsewhere.
const STEPS: [f64; 3] = [0.3, -0.2, 0.12];

/// The point where `loss` is smallest, and the loss there. Deterministic.
pub(crate) fn minimise(
    start: &[f64],
    bounds: &[(f64, f64)],
    moves: usize,
    loss: &mut dyn FnMut(&[f64]) -> f64,
) -> (Vec<f64>, f64) {
    let n = start.len();
    let clamp = |mut x: Vec<f64>| {
        for (x, (low, high)) in x.iter_mut().zip(bounds) {
            *x = x.clamp(low.ln(), high.ln());
        }
        x
    };
    let mut at = |x: &[f64]| {
        let values: Vec<f64> = x.iter().map(|x| x.exp()).collect();
        loss(&values)
    };
    let begin = clamp(start.iter().map(|v| v.ln()).collect());
    let value = at(&begin);
    let mut best = (begin, value);
    if n == 0 {
        return (Vec::new(), best.1);
    }
    for step in STEPS {
        let mut simplex = vec![best.clone()];
        for i in 0..n {
            let mut x = best.0.clone();
            x[i] += step;
            x = clamp(x);
            if (x[i] - best.0[i]).abs() < 1e-9 {
                x[i] -= step;
                x = clamp(x);
            }
            let value = at(&x);
            simplex.push((x, value));
        }
        for _ in 0..moves / STEPS.len() {
            simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
            improve(&mut simplex, &clamp, &mut at);
        }
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        best = simplex.swap_remove(0);
    }
    (best.0.iter().map(|x| x.exp()).collect(), best.1)
}

/// One move of the worst point of a sorted simplex.
fn improve(
    simplex: &mut [(Vec<f64>, f64)],
    clamp: &dyn Fn(Vec<f64>) -> Vec<f64>,
    at: &mut dyn FnMut(&[f64]) -> f64,
) {
    let n = simplex.len() - 1;
    #[allow(clippy::cast_precision_loss)]
    let centre: Vec<f64> = (0..n)
        .map(|j| simplex[..n].iter().map(|p| p.0[j]).sum::<f64>() / n as f64)
        .collect();
    let worst = simplex[n].clone();
    let along = |k: f64| clamp((0..n).map(|j| centre[j] + k * (worst.0[j] - centre[j])).collect());
    let reflected = along(-1.0);
    let value = at(&reflected);
    if value < simplex[0].1 {
        let expanded = along(-2.0);
        let further = at(&expanded);
        simplex[n] = if further < value {
            (expanded, further)
        } else {
            (reflected, value)
        };
    } else if value < simplex[n - 1].1 {
        simplex[n] = (reflected, value);
    } else {
        let contracted = along(if value < worst.1 { -0.5 } else { 0.5 });
        let nearer = at(&contracted);
        if nearer < worst.1.min(value) {
            simplex[n] = (contracted, nearer);
        } else {
            let best = simplex[0].0.clone();
            for point in &mut simplex[1..] {
                for (x, b) in point.0.iter_mut().zip(&best) {
                    *x = b + 0.5 * (*x - b);
                }
                point.1 = at(&point.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_valley_and_keeps_to_its_bounds() {
        let bounds = [(0.1, 100.0), (0.1, 100.0)];
        let mut bowl = |p: &[f64]| (p[0].ln() - 3.0_f64.ln()).abs() + 2.0 * (p[1].ln() - 7.0_f64.ln()).abs();
        let (found, value) = minimise(&[1.0, 1.0], &bounds, 300, &mut bowl);
        assert!(
            (found[0] - 3.0).abs() < 0.01 && (found[1] - 7.0).abs() < 0.01 && value < 0.01,
            "{found:?}"
        );
        let (held, _) = minimise(&[1.0, 1.0], &[(0.5, 2.0), (0.1, 100.0)], 300, &mut bowl);
        assert!((held[0] - 2.0).abs() < 1e-9, "{held:?}");
    }
}
