//! Numbers written so that they come back bit for bit.

/// Floating-point numbers as the hexadecimal digits of their bits, sixteen each: decimal text may lose the last bit, and
/// has no infinity.
pub(super) mod exact {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::fmt::Write as _;

    pub(in super::super) fn serialize<S: Serializer>(
        numbers: &[f64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(numbers.len() * 16);
        for x in numbers {
            let _ = write!(text, "{:016x}", x.to_bits());
        }
        serializer.serialize_str(&text)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<f64>, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !text.is_ascii() || text.len() % 16 != 0 {
            return Err(D::Error::custom(
                "numbers are written with sixteen hexadecimal digits each",
            ));
        }
        (0..text.len() / 16)
            .map(|i| u64::from_str_radix(&text[i * 16..(i + 1) * 16], 16))
            .map(|bits| bits.map(f64::from_bits).map_err(D::Error::custom))
            .collect()
    }
}
