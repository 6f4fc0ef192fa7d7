//! A text as a word of one of the closed vocabularies.

use crate::data::nearest;
use crate::rules::deal::read::BadFact;
use serde::de::value::Error as Plain;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};

/// A word of one of the closed vocabularies; dash and underscore are alike. `what` names the vocabulary.
///
/// # Errors
/// With every word of the vocabulary and the nearest one.
pub fn read_word<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, BadFact> {
    let mut words: &'static [&'static str] = &[];
    let reader = Word {
        text,
        words: &mut words,
    };
    T::deserialize(reader).map_err(|_| BadFact {
        near: nearest(text, words.iter().copied()),
        ..BadFact::new(text, what, &format!("`{}`", words.join("`, `")))
    })
}

/// Hands one word to an enum's reader and keeps the enum's vocabulary, which only serde knows.
struct Word<'a> {
    text: &'a str,
    words: &'a mut &'static [&'static str],
}

impl<'de> serde::Deserializer<'de> for Word<'_> {
    type Error = Plain;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Plain> {
        *self.words = words;
        let alike = |word: &str| {
            let dash = |b: u8| if b == b'_' { b'-' } else { b.to_ascii_lowercase() };
            word.bytes().map(dash).eq(self.text.bytes().map(dash))
        };
        match words.iter().find(|word| alike(word)) {
            Some(word) => visitor.visit_enum(IntoDeserializer::<Plain>::into_deserializer(*word)),
            None => Err(Plain::custom("no such word")),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Plain> {
        visitor.visit_str(self.text)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Listed, Segment, State};

    #[test]
    fn words_take_either_dash_and_a_wrong_one_brings_the_vocabulary() {
        assert_eq!(read_word("x", "entity_fn4"), Ok(Listed::EntityFn4));
        assert_eq!(read_word("x", "State-Funded"), Ok(Segment::StateFunded));
        assert_eq!(read_word("x", "in-force"), Ok(State::InForce));
        let wrong = read_word::<Segment>("segment", "platfrom").unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "`platfrom` is no segment; expected `platform`, `state_funded`, `government`, `enterprise`, \
             `university`, `consumer`; did you mean `platform`?"
        );
    }
}
