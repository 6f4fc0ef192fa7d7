//! What the cells of a reported row mean: load, lengths, spread, tokens drafted and kept.

use super::Spread;

/// What one replica, or all chips, were given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Load {
    /// So many users at once, of all chips.
    Users(f64),
    /// So many of each chip.
    PerChip(f64),
    /// So many prompt tokens of each chip in a step.
    Tokens(f64),
    /// All there are: as many at once as serve most.
    All,
}

/// What a row measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measures {
    /// Prompts and answers on the same chips.
    Whole,
    /// Prompts alone.
    Prompts,
    /// Decoding alone.
    Decoding,
}

impl Measures {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text {
            "mixed" => Ok(Self::Whole),
            "prefill" => Ok(Self::Prompts),
            "decode" => Ok(Self::Decoding),
            other => Err(format!("phase `{other}` is none of mixed, prefill, decode")),
        }
    }
}

impl Load {
    pub(super) fn read(text: &str, measures: Measures) -> Result<Self, String> {
        let refused = || format!("load `{text}` is not a number of users");
        match text {
            "offline max load" | "Offline" => return Ok(Self::All),
            // Prompts alone fill their steps.
            "" if measures == Measures::Prompts => return Ok(Self::All),
            "" => return Err("the load is not said".to_owned()),
            _ => {}
        }
        let (count, unit) = text.split_once(' ').unwrap_or((text, ""));
        let count: f64 = count.parse().map_err(|_| refused())?;
        if !(count.is_finite() && count > 0.0) {
            return Err(refused());
        }
        let per = unit.split(" (").next().unwrap_or_default();
        match per {
            "" => Ok(Self::Users(count)),
            "per GPU" | "per NPU" | "per chip" => Ok(Self::PerChip(count)),
            "tokens/GPU" | "tokens/NPU" | "tokens/chip" => Ok(Self::Tokens(count)),
            _ => Err(refused()),
        }
    }
}

/// A length, exact or on average: `1024`, `~273`, `~273 (as measured)`.
pub(super) fn length(text: &str) -> Option<f64> {
    let number = match text.strip_prefix('~') {
        Some(about) => about.split(" (").next()?,
        None => text,
    };
    number.parse().ok().filter(|x: &f64| x.is_finite() && *x > 0.0)
}

/// Tokens drafted a step and kept of them; none where nothing says that any are drafted.
///
/// From columns of their own, else from remarks as `1 MTP token, 70% acceptance assumed`.
pub(super) fn drafted(columns: [Option<f64>; 2], notes: &str) -> Result<[f64; 2], String> {
    if let [drafted, Some(kept)] = columns {
        let drafted = drafted.unwrap_or(kept.ceil());
        return if kept <= drafted {
            Ok([drafted, kept])
        } else {
            Err(format!("{kept} tokens are kept of {drafted} drafted"))
        };
    }
    let notes = notes.to_lowercase();
    let told = notes.replace("no mtp", "");
    if columns[0].is_none() && !(told.contains("mtp") || told.contains("speculative")) {
        return Ok([0.0; 2]);
    }
    let before = |words: &str| -> Option<f64> {
        let (head, _) = told.split_once(words)?;
        let head = head.trim_end_matches(['%', ' ']);
        let at = head.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
        head[at..].parse().ok()
    };
    let Some(share) = before(" acceptance") else {
        return Err("run with speculative decoding of an acceptance that is not said".to_owned());
    };
    let tokens = columns[0].or_else(|| before(" mtp token")).unwrap_or(1.0);
    if tokens > 1.0 || share > 100.0 {
        // Of several drafted tokens, a share each does not say how many are kept together.
        return Err("run with speculative decoding of an acceptance that is not said".to_owned());
    }
    Ok([tokens, share / 100.0])
}

/// `TP8`, `TP4 EP4`, `DEP8`, `TP1 PP2`, `Attention-DP16 + MoE-EP16`, `TP4 DP4 EP`; none where nothing is said. Experts
/// dealt to more ranks than chips are named make replicas of attention. Counted in devices of which a chip has
/// `devices`.
pub(super) fn parallelism(text: &str, devices: u32) -> Result<Option<Spread>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || format!("spread `{text}` is not understood");
    let named = text.split(" on ").next().unwrap_or_default();
    let named = named.split(" (").next().unwrap_or_default();
    let mut spread = Spread::ONE;
    let mut all = false;
    for word in named
        .split([' ', '+'])
        .map(|w| w.trim_start_matches("Attention-").trim_start_matches("MoE-"))
        .filter(|w| !w.is_empty())
    {
        let split = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let (kind, count) = word.split_at(split);
        if (kind, count) == ("EP", "") {
            all = true;
            continue;
        }
        let count: u32 = count.parse().ok().filter(|n| *n > 0).ok_or_else(refused)?;
        match kind {
            "TP" => spread.tensor = count,
            "DP" => spread.data = count,
            "EP" => spread.experts = count,
            "PP" => spread.pipeline = count,
            "DEP" => {
                spread.data = count;
                spread.experts = count;
            }
            _ => return Err(refused()),
        }
    }
    if all {
        spread.experts = spread.stage();
    }
    if spread.experts > spread.stage() {
        spread.data = spread.experts / spread.tensor;
    }
    whole(spread, devices).map(Some).ok_or_else(refused)
}

/// A spread over devices as one over chips of so many; none where it cuts through a chip.
fn whole(mut spread: Spread, devices: u32) -> Option<Spread> {
    if devices > 1 && spread.tensor.is_multiple_of(devices) {
        spread.tensor /= devices;
    } else if devices > 1 && spread.data.is_multiple_of(devices) {
        spread.data /= devices;
    } else if devices > 1 {
        return None;
    }
    spread.experts = (spread.experts / devices).max(1);
    Some(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_read_as_reports_write_them() {
        let of = |text| {
            let spread = parallelism(text, 1).unwrap().unwrap();
            (spread.tensor, spread.data, spread.experts, spread.pipeline)
        };
        assert_eq!(of("TP8 EP1"), (8, 1, 1, 1));
        assert_eq!(of("DEP4"), (1, 4, 4, 1));
        assert_eq!(of("EP2"), (1, 2, 2, 1));
        assert_eq!(of("Attention-DP16 + MoE-EP16"), (1, 16, 16, 1));
        assert_eq!(of("DP16+EP16"), (1, 16, 16, 1));
        assert_eq!(of("EP32 on 4 nodes"), (1, 32, 32, 1));
        assert_eq!(of("TP4 DP4 EP"), (4, 4, 16, 1));
        assert!(parallelism("2P1D; prefill DP2 TP8", 1).is_err());
    }

    #[test]
    fn dies_are_counted_as_chips() {
        let two = |text| parallelism(text, 2).unwrap().unwrap();
        assert_eq!((two("TP16").tensor, two("TP16").data), (8, 1));
        let spread = two("TP1 DP4 EP");
        assert_eq!((spread.tensor, spread.data, spread.experts), (1, 2, 2));
        assert!(parallelism("TP1", 2).is_err());
    }

    #[test]
    fn loads_lengths_and_kept_tokens_are_read_from_words() {
        let load = |text| Load::read(text, Measures::Whole);
        assert_eq!(load("144"), Ok(Load::Users(144.0)));
        assert_eq!(load("128 per GPU (blog table)"), Ok(Load::PerChip(128.0)));
        assert_eq!(load("16384 tokens/NPU"), Ok(Load::Tokens(16384.0)));
        assert_eq!(load("Offline"), Ok(Load::All));
        assert!(load("5.54 req/s").is_err() && load("").is_err() && load("-3").is_err());
        assert_eq!(length("~273 (measured)"), Some(273.0));
        assert_eq!(length("128 max"), None);
        assert_eq!(
            drafted([None; 2], "1 MTP token, 70% acceptance assumed"),
            Ok([1.0, 0.7])
        );
        assert_eq!(drafted([None; 2], "no MTP"), Ok([0.0, 0.0]));
        assert_eq!(drafted([Some(3.0), Some(1.8)], "MTP"), Ok([3.0, 1.8]));
        assert!(drafted([None; 2], "MTP 1 draft step").is_err());
        assert!(drafted([Some(1.0), Some(1.8)], "").is_err());
    }
}
