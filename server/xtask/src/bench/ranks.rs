//! Whether two sets of times come from the same source: the test of Mann and Whitney.
//!
//! It looks at ranks only, so that a few slow answers of a busy machine weigh no more than others.

/// What two samples say of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranks {
    /// How often a value of the first is the greater one of a pair, equal ones counted half: 0.5 when
    /// the two are alike. Also known as the area under the ROC curve.
    pub greater: f64,
    /// How likely so great a difference is by chance alone (two-sided, normal approximation with
    /// corrections for ties and for continuity).
    pub p: f64,
}

/// Compares two samples; `None` when one is empty.
///
/// Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than
/// the other" (1947); the variance with ties is that of Lehmann, "Nonparametrics" (1975), 1.4.
pub fn compare(first: &[f64], second: &[f64]) -> Option<Ranks> {
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let own = first.iter().map(|value| (*value, true));
    let other = second.iter().map(|value| (*value, false));
    let mut all: Vec<(f64, bool)> = own.chain(other).collect();
    all.sort_by(|left, right| left.0.total_cmp(&right.0));

    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for same in all.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        let count = super::count(same.len());
        let own = super::count(same.iter().filter(|(_, own)| *own).count());
        // Equal values share the mean of their ranks.
        rank_sum += own * (before + f64::midpoint(count, 1.0));
        ties += count * count * count - count;
        before += count;
    }
    let (n, m, all) = (
        super::count(first.len()),
        super::count(second.len()),
        before,
    );
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let away = ((u - n * m / 2.0).abs() - 0.5).max(0.0);
    let p = if variance > 0.0 {
        outside(away / variance.sqrt())
    } else {
        1.0
    };
    Some(Ranks {
        greater: u / (n * m),
        p,
    })
}

/// How far `greater` strays from 0.5 by chance with so many values on either side: one standard
/// deviation.
pub fn spread(each: usize) -> f64 {
    let each = super::count(each);
    ((2.0 * each + 1.0) / (12.0 * each * each)).sqrt()
}

/// The probability that a standard normal value is at least so far from zero: `erfc(z / √2)`, with a
/// relative error below 1.2e-7 (Press et al., "Numerical Recipes", 6.2).
fn outside(z: f64) -> f64 {
    const COEFFICIENTS: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    let sum = COEFFICIENTS
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * t + coefficient);
    (t * (sum - x * x).exp()).min(1.0)
}

/// The value in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.as_slice() {
        [] => f64::NAN,
        all if all.len() % 2 == 1 => all[middle],
        all => f64::midpoint(all[middle - 1], all[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 5e-5
    }

    fn ranks(first: &[f64], second: &[f64]) -> Ranks {
        let none = Ranks {
            greater: f64::NAN,
            p: f64::NAN,
        };
        compare(first, second).unwrap_or(none)
    }

    /// The values beside are those of `scipy.stats.mannwhitneyu(…, method="asymptotic")`: U is 0, 4.5
    /// and 50.
    #[test]
    fn known_samples_give_known_values() {
        let apart = ranks(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        assert!(
            near(apart.greater, 0.0) && near(apart.p, 0.080_86),
            "{apart:?}"
        );
        let same = [1.0, 2.0, 3.0];
        let same = ranks(&same, &same);
        assert!(near(same.greater, 0.5) && near(same.p, 1.0), "{same:?}");
    }

    #[test]
    fn equal_values_count_half_and_make_the_variance_smaller() {
        // By hand: ranks 1, 3.5, 3.5, 6 beside 3.5, 3.5, 7, 8; U = 14 − 10 = 4; variance
        // 16/12 · (9 − 60/56) = 10.5714; z = 3.5/3.2514 = 1.0765.
        let tied = ranks(&[1.0, 2.0, 2.0, 3.0], &[2.0, 2.0, 4.0, 5.0]);
        assert!(
            near(tied.greater, 0.25) && (tied.p - 0.2817).abs() < 5e-4,
            "{tied:?}"
        );
        let all_equal = ranks(&[7.0; 5], &[7.0; 9]);
        assert!(near(all_equal.greater, 0.5) && near(all_equal.p, 1.0));
    }

    #[test]
    fn the_two_sides_mirror_each_other() {
        let (first, second) = ([0.3, 1.7, 0.9, 4.0], [0.1, 0.2, 2.0]);
        let (one, other) = (ranks(&first, &second), ranks(&second, &first));
        assert!(near(one.greater + other.greater, 1.0) && near(one.p, other.p));
        assert!(compare(&first, &[]).is_none());
    }

    #[test]
    fn the_tail_is_that_of_the_normal_distribution() {
        for (z, p) in [
            (0.0, 1.0),
            (1.0, 0.317_31),
            (1.959_964, 0.05),
            (3.0, 0.0027),
        ] {
            assert!(near(outside(z), p), "{z}");
        }
    }

    #[test]
    fn a_small_shift_is_seen_in_many_values_and_none_where_there_is_none() {
        let values = |shift: f64| -> Vec<f64> {
            let mut state = 7_u64;
            let mut next = || {
                state = super::super::enumeration::mixed(state);
                f64::from(u32::try_from(state >> 32).unwrap_or_default()) / f64::from(u32::MAX)
            };
            (0..2000).map(|_| shift + next()).collect()
        };
        let shifted = ranks(&values(0.1), &values(0.0));
        assert!(shifted.greater > 0.55 && shifted.p < 1e-6, "{shifted:?}");
        let same = ranks(&values(0.0)[..1000], &values(0.0)[1000..]);
        assert!((same.greater - 0.5).abs() < 4.0 * spread(1000), "{same:?}");
    }

    #[test]
    fn the_middle_is_the_middle() {
        assert!(near(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(near(median(&[4.0, 1.0, 2.0, 3.0]), 2.5));
    }
}
