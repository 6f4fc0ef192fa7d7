//! Stopping a long command by Ctrl-C: the first press ends it at the next whole piece, a second ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user has asked to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Begins to listen; set once the user has asked to stop.
pub(crate) fn listen() -> &'static AtomicBool {
    // Where no handler can be set, the first press ends the program.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(crate::Exit::Interrupted as i32);
        }
    });
    &STOP
}

/// Whether the user has asked to stop.
pub(crate) fn asked() -> bool {
    STOP.load(Ordering::Relaxed)
}
