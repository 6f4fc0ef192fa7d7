//! What makers do about a lost market.

use super::world::{run, world};
use jiff::civil::date;
use strait::brief::Knowledge;
use strait::market::dynamics::{Month, Path, Shocks, answered, answers};

#[test]
fn makers_answer_a_lost_market_after_the_day_and_never_before() {
    let (library, _) = world();
    let then = library.environment(Knowledge::of(date(2023, 10, 20))).unwrap();
    let found = answers(&then);
    // By then one loss had been answered, by the A800; the rule of that week is the next.
    assert_eq!(found.rate.shape, 2.0);
    // It holds from 17 November: of that month's three days asked one is lost, of the next all.
    assert_eq!(found.losses.last(), Some(&Month::of(date(2023, 12, 1)).0));
    let lost = found.lost.expect("a good was lost");
    assert!(then.goods[lost].vendor == "nvidia");
    // Without a good that stands for the answer nothing is drawn.
    assert!(answered(&then, &found, Shocks::default(), 1, 0).answer.is_empty());
    // A good that would leave the market in 2024 was not known to.
    let a800 = then.good("nvidia-a800").unwrap();
    assert!(then.on_sale(Month::of(date(2024, 9, 1)), a800));
}

#[test]
fn a_successor_sells_as_far_as_it_is_drawn_to() {
    let (library, _) = world();
    let mut env = library.environment(Knowledge::of(date(2023, 10, 20))).unwrap();
    // The A800 as the answer to its own loss.
    let a800 = env.good("nvidia-a800").unwrap();
    env.goods[a800].id = "successor".into();
    let found = answers(&env);
    let theta = run(library, &env).theta(0);
    let known = Month::of(env.known).0;
    let mut sales = 0;
    for draw in 0..20 {
        let shocks = answered(&env, &found, Shocks::default(), 1, draw);
        assert_eq!(shocks.successor, Some(a800));
        assert!(shocks.answer[..=known].iter().all(|a| *a == 0.0));
        let path = Path::simulate(&env, &theta, &shocks, known + 8);
        for t in known + 1..known + 8 {
            let sold = path.mainland_usd(&env, t, a800) > 0.0;
            assert_eq!(sold, shocks.answer[t] > 0.0, "draw {draw}, month {t}");
            sales += usize::from(sold);
        }
    }
    assert!(sales > 0);
}
