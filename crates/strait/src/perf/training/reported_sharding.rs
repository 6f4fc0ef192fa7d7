//! What a reported row says of sharding among replicas, in its cells and in its notes.

use super::plan::Sharding;

/// A stage of ZeRO by its number (`3`, `ZeRO-3`).
pub(super) fn zero(word: &str) -> Result<Sharding, String> {
    let lower = word.to_lowercase();
    let named = lower.strip_prefix("zero");
    let number = named.map_or(lower.as_str(), |rest| rest.trim_start_matches(['-', ' ']));
    let stage = Sharding::ALL
        .into_iter()
        .find(|s| s.stage().to_string() == number);
    stage.ok_or(format!("`zero` is `{word}`; a stage from 0 to 3 was expected"))
}

fn words(notes: &str) -> impl Iterator<Item = &str> {
    notes.split([';', ' ', ',']).map(str::trim)
}

/// What notes say that replicas share out, in the words of the software's own options.
pub(super) fn sharded(notes: &str) -> Option<Sharding> {
    let fully = |word: &str| {
        let ranks = word.strip_prefix("FSDP=").and_then(|n| n.parse::<u32>().ok());
        word == "FULL_SHARD" || word == "FSDP2" || ranks.is_some_and(|n| n > 1)
    };
    if words(notes).any(fully) {
        Some(Sharding::Weights)
    } else {
        words(notes)
            .any(|word| word == "SHARD_GRAD_OP")
            .then_some(Sharding::Gradients)
    }
}

/// What a scheme's bare name in notes means, where nothing says more of it.
pub(super) fn named(notes: &str) -> Option<Sharding> {
    words(notes).find_map(|word| match word {
        "FSDP" => Some(Sharding::Weights),
        _ => word.strip_prefix("ZeRO-").and_then(|n| zero(n).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_as_reports_write_them() {
        for word in ["3", "ZeRO-3", "zero3", "ZeRO 3"] {
            assert_eq!(zero(word), Ok(Sharding::Weights), "{word}");
        }
        assert_eq!(zero("0"), Ok(Sharding::None));
        assert!(zero("4").is_err() && zero("-1").is_err() && zero("full").is_err());
        assert_eq!(sharded("FSDP FULL_SHARD; HFU 56.76%"), Some(Sharding::Weights));
        assert_eq!(sharded("FSDP SHARD_GRAD_OP"), Some(Sharding::Gradients));
        assert_eq!(sharded("FSDP=64"), Some(Sharding::Weights));
        assert_eq!((sharded("FSDP=0; FSDP=n/a"), sharded("FSDP")), (None, None));
        assert_eq!(named("FSDP, 8 ranks"), Some(Sharding::Weights));
        assert_eq!(named("sharded as in ZeRO-1"), Some(Sharding::Optimiser));
        assert_eq!(named("nothing of it"), None);
    }
}
