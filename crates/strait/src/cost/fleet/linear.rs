//! Linear programs of a few rows, by the simplex method on a dense tableau.
//!
//! `maximise c·x where a x <= b, x >= 0`. With every `b` at zero or more the primal method starts from nothing
//! bought; with every `c` at zero or less the dual method does. A fleet's programs are of one kind or the other.
//! Bland's rule picks the pivots, so that no program cycles (Chvátal, Linear Programming, 1983).

/// What counts as zero in a tableau whose rows are scaled to a largest coefficient of one.
const ZERO: f64 = 1e-9;

struct Tableau {
    /// Rows of `columns + 1` numbers, the right-hand side last.
    rows: Vec<Vec<f64>>,
    /// Reduced costs, what is still to be gained by each column.
    gain: Vec<f64>,
    /// The column that each row's basic variable is.
    basis: Vec<usize>,
}

/// The best point; `None` where no point satisfies the rows. Every variable must be bounded by some row.
pub(crate) fn maximise(c: &[f64], a: &[Vec<f64>], b: &[f64]) -> Option<Vec<f64>> {
    let (n, m) = (c.len(), a.len());
    let mut t = Tableau {
        rows: Vec::with_capacity(m),
        gain: c.iter().copied().chain(std::iter::repeat_n(0.0, m)).collect(),
        basis: (n..n + m).collect(),
    };
    for (i, (row, right)) in a.iter().zip(b).enumerate() {
        let scale = row.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let mut line: Vec<f64> = row.iter().map(|x| x / scale).collect();
        line.extend((0..m).map(|k| if k == i { 1.0 } else { 0.0 }));
        line.push(right / scale);
        t.rows.push(line);
    }
    if t.rows.iter().any(|row| row[n + m] < 0.0) {
        debug_assert!(
            c.iter().all(|gain| *gain <= 0.0),
            "the dual method starts from costs"
        );
        t.dual()?;
    } else {
        t.primal();
    }
    let mut x = vec![0.0; n];
    for (row, column) in t.rows.iter().zip(&t.basis) {
        if *column < n {
            x[*column] = row[n + m];
        }
    }
    Some(x)
}

impl Tableau {
    fn right(&self, row: usize) -> f64 {
        self.rows[row][self.gain.len()]
    }

    /// From a point that satisfies every row to the best one.
    fn primal(&mut self) {
        while let Some(column) = self.gain.iter().position(|gain| *gain > ZERO) {
            let leaving = (0..self.rows.len())
                .filter(|row| self.rows[*row][column] > ZERO)
                .min_by(|x, y| {
                    let ratio = |row: usize| self.right(row) / self.rows[row][column];
                    ratio(*x)
                        .total_cmp(&ratio(*y))
                        .then(self.basis[*x].cmp(&self.basis[*y]))
                });
            // Without one the program is unbounded, which bounded variables rule out.
            let Some(row) = leaving else { return };
            self.pivot(row, column);
        }
    }

    /// From a point too good to be possible to the best possible one.
    fn dual(&mut self) -> Option<()> {
        loop {
            let leaving = (0..self.rows.len())
                .filter(|row| self.right(*row) < -ZERO)
                .min_by_key(|row| self.basis[*row]);
            let Some(row) = leaving else { return Some(()) };
            let entering = (0..self.gain.len())
                .filter(|column| self.rows[row][*column] < -ZERO)
                .min_by(|x, y| {
                    let ratio = |column: usize| self.gain[column] / self.rows[row][column];
                    ratio(*x).total_cmp(&ratio(*y)).then(x.cmp(y))
                })?;
            self.pivot(row, entering);
        }
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let by = self.rows[row][column];
        for x in &mut self.rows[row] {
            *x /= by;
        }
        let line = self.rows[row].clone();
        for (at, other) in self.rows.iter_mut().enumerate() {
            let k = other[column];
            if at != row && k != 0.0 {
                for (x, y) in other.iter_mut().zip(&line) {
                    *x -= k * y;
                }
            }
        }
        let k = self.gain[column];
        for (x, y) in self.gain.iter_mut().zip(&line) {
            *x -= k * y;
        }
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(x: &[f64], y: &[f64]) -> bool {
        x.iter().zip(y).all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn two_textbook_programs() {
        // max 5x + 4y where 6x + 4y <= 24, x + 2y <= 6: at (3, 1.5), worth 21.
        let x = maximise(&[5.0, 4.0], &[vec![6.0, 4.0], vec![1.0, 2.0]], &[24.0, 6.0]).unwrap();
        assert!(near(&x, &[3.0, 1.5]), "{x:?}");
        // min 2x + 3y where x + y >= 4, x <= 3: at (3, 1).
        let x = maximise(&[-2.0, -3.0], &[vec![-1.0, -1.0], vec![1.0, 0.0]], &[-4.0, 3.0]).unwrap();
        assert!(near(&x, &[3.0, 1.0]), "{x:?}");
    }

    #[test]
    fn what_cannot_be_met_is_none() {
        // x >= 4 and x <= 3.
        assert_eq!(maximise(&[-1.0], &[vec![-1.0], vec![1.0]], &[-4.0, 3.0]), None);
    }
}
