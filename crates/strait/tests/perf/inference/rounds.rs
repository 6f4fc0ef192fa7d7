//! What first tokens wait for in a closed loop: chains of prompts, drawn lengths, held prompts.

use strait::perf::inference::{Client, Demand, Intake, Wait, Waits};

fn waits(users: f64, rounds: f64, lengths: f64, intake: Intake) -> Waits {
    let demand = Demand::new(2048.0 * lengths, 512.0 * lengths);
    Waits::of(&demand, users, &Client { lengths, rounds }, &intake)
}

/// One prompt fills a step.
fn narrow() -> Intake {
    Intake {
        tokens: 2400.0,
        chunked: false,
        ..Intake::default()
    }
}

#[test]
fn a_user_alone_waits_for_its_own_prompt() {
    let waits = waits(1.0, 1.0, 1.0, Intake::default());
    let own = Wait {
        steps: 1.0,
        prompts: 1.0,
    };
    assert_eq!(
        (waits.at(0.0), waits.at(2.5)),
        (own, own),
        "nothing came before it"
    );
}

#[test]
fn all_users_at_once_wait_for_half_of_their_prompts() {
    let one = waits(31.0, 1.0, 1.0, narrow()).at(1.0);
    assert!(
        (one.prompts - 16.0).abs() < 1e-9 && (one.steps - 16.0).abs() < 1e-9,
        "{one:?}"
    );
    // Four whole prompts fill a step of the usual width: the first four wait for four.
    let wide = Intake {
        chunked: false,
        tokens: 8200.0,
        ..Intake::default()
    };
    let four = waits(8.0, 1.0, 1.0, wide).at(1.0);
    assert!(
        (four.prompts - 6.0).abs() < 1e-9 && (four.steps - 1.5).abs() < 1e-9,
        "{four:?}"
    );
}

#[test]
fn prompts_of_one_length_follow_one_another_in_every_round() {
    let chain = waits(8.0, 64.0, 1.0, narrow());
    let apart = waits(8.0, 64.0, 0.9, narrow());
    for delay in [1.0, 2.0, 3.0] {
        let (chain, apart) = (chain.at(delay), apart.at(delay));
        // Each step but the first users' holds the prompt of the one before; drawn lengths part them.
        assert!(chain.prompts > 0.7 * (1.0 + delay), "{delay} {chain:?}");
        assert!(apart.prompts < 1.5, "{delay} {apart:?}");
        assert!((chain.steps - 1.0 - delay).abs() < 0.3, "{delay} {chain:?}");
    }
    let between = chain.at(1.5).prompts;
    assert!((between - 0.5 * (chain.at(1.0).prompts + chain.at(2.0).prompts)).abs() < 1e-12);
}

#[test]
fn polls_and_held_prompts_wait_steps() {
    let steps = |intake| waits(4.0, 64.0, 0.9, intake).at(1.0).steps;
    let usual = steps(Intake::default());
    let polled = steps(Intake {
        poll: 30.0,
        ..Intake::default()
    });
    let held = steps(Intake {
        hold: 20.0,
        full: 0.9,
        ..Intake::default()
    });
    assert!(
        (polled - usual - 14.5).abs() < 3.0,
        "half a poll: {usual} {polled}"
    );
    assert!((held - usual - 20.0).abs() < 3.0, "{usual} {held}");
}
