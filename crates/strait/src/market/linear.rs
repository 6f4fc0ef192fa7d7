//! Small dense linear systems, row-major, without allocation.

/// Solves `matrix · x = rhs` by Gaussian elimination with partial pivoting; `x` replaces `rhs`, the matrix is used up.
/// False where the matrix is singular.
pub(crate) fn solve(matrix: &mut [f64], rhs: &mut [f64]) -> bool {
    let n = rhs.len();
    for column in 0..n {
        let size = |row: usize| matrix[row * n + column].abs();
        let mut pivot = column;
        for row in column + 1..n {
            if size(row) >= size(pivot) {
                pivot = row;
            }
        }
        if size(pivot).is_nan() || size(pivot) < SINGULAR {
            return false;
        }
        if pivot != column {
            let (above, below) = matrix.split_at_mut(pivot * n);
            above[column * n..(column + 1) * n].swap_with_slice(&mut below[..n]);
            rhs.swap(column, pivot);
        }
        let (above, below) = matrix.split_at_mut((column + 1) * n);
        let row = &above[column * n + column..];
        let (known, unknown) = rhs.split_at_mut(column + 1);
        for (other, right) in below.chunks_exact_mut(n).zip(unknown) {
            let factor = other[column] / row[0];
            if factor == 0.0 {
                continue;
            }
            for (x, y) in other[column..].iter_mut().zip(row) {
                *x -= factor * y;
            }
            *right -= factor * known[column];
        }
    }
    for i in (0..n).rev() {
        let row = &matrix[i * n..(i + 1) * n];
        let known: f64 = (i + 1..n).map(|k| row[k] * rhs[k]).sum();
        rhs[i] = (rhs[i] - known) / row[i];
    }
    true
}

/// A pivot below this counts as zero.
const SINGULAR: f64 = 1e-12;

/// What is left of a diagonal entry below this part of it is rounding.
const ROUNDING: f64 = 1e-12;

/// Whether a symmetric matrix is negative definite: whether its negative has a Cholesky factor. Used up.
pub(crate) fn is_negative_definite(matrix: &mut [f64], n: usize) -> bool {
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| matrix[i * n + k] * matrix[j * n + k]).sum();
            let rest = -matrix[i * n + j] - known;
            if i > j {
                matrix[i * n + j] = rest / matrix[j * n + j];
            } else if rest > ROUNDING * -matrix[i * n + i] {
                matrix[i * n + i] = rest.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_needs_a_swap_of_rows() {
        let mut matrix = [0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 3.0, 0.0, 1.0];
        let mut rhs = [7.0, 3.0, 6.0];
        assert!(solve(&mut matrix, &mut rhs));
        for (x, want) in rhs.iter().zip([1.0, 2.0, 3.0]) {
            assert!((x - want).abs() < 1e-12, "{rhs:?}");
        }
        assert!(!solve(&mut [1.0, 2.0, 2.0, 4.0], &mut [1.0, 2.0]));
    }

    #[test]
    fn definiteness() {
        assert!(is_negative_definite(&mut [-2.0, 1.0, 1.0, -2.0], 2));
        assert!(!is_negative_definite(&mut [-2.0, 2.0, 2.0, -2.0], 2));
        assert!(!is_negative_definite(&mut [-1.0, 0.0, 0.0, 1e-9], 2));
    }
}
