//! A field of a row in words.

use serde_json::{Map, Value};

/// A part of a sentence and its place in it.
pub(super) struct Said {
    /// Those that say what the row does come first, then on whom, then on what conditions, then the rest.
    pub(super) rank: u8,
    pub(super) text: String,
}

/// A field in words; nothing where it is absent, empty, or told elsewhere.
pub(super) fn say(key: &str, value: &Value) -> Option<Said> {
    let said = |rank, text: String| Some(Said { rank, text });
    let plain = plain(value);
    let first = |lead: &str| said(0, format!("{lead}{}", plain.clone()?));
    let whom = |lead: &str| said(1, format!("{lead} {}", plain.clone()?));
    let how = |lead: &str| said(2, format!("{lead} {}", plain.clone()?));
    match key {
        // Told at the head of the line or below it.
        "paragraph" | "id" => None,
        "when" if value.is_string() => None,
        "conditions"
            if value
                .as_array()
                .is_some_and(|all| all.iter().any(Value::is_object)) =>
        {
            None
        }
        "result" | "review" | "effect" | "what" | "kind" | "basis" | "item" => first(""),
        "gives" => said(0, format!("subject to the EAR: {}", plain?)),
        "trigger" => said(0, format!("set off by {}", plain?)),
        "rate" => said(0, percent(value)?),
        "rate_low" => said(0, format!("at least {}", percent(value)?)),
        "rate_high" => said(0, format!("up to {}", percent(value)?)),
        "base" => first("of "),
        "items" => said(1, items(value)?),
        "for" => whom("for"),
        "where" => whom("to"),
        "who" => whom("to parties headquartered, or with an ultimate parent, in"),
        "where_maybe" => whom("perhaps also to"),
        "within" => whom("only to"),
        "leaves" => whom("only exports from"),
        "designers" | "not_designers" => {
            let lead = if key == "designers" {
                "of designers in"
            } else {
                "not of designers in"
            };
            whom(lead)
        }
        "vendor" | "vendors" => whom("of"),
        "families" => whom("named:"),
        "segments" | "sites" | "channels" => whom(match key {
            "segments" => "buyers:",
            "sites" => "site:",
            _ => "channel:",
        }),
        "roles" => whom("exported by"),
        "listed" => whom("to listed parties:"),
        "remote_users" => whom("with remote users headquartered in"),
        "use" => whom("used for"),
        "when" => said(2, format!("where {}", all(value, "")?)),
        "any" => said(2, format!("any chip whose {}", any(value)?)),
        "maybe" => said(2, format!("perhaps any chip whose {}", any(value)?)),
        "bands" => said(2, format!("for chips whose {}", any(value)?)),
        "direct_product" => yes(
            value,
            "where it is a direct product of US technology, software or tools",
            2,
        ),
        "content_gt_percent" => said(2, format!("where US content is above {} %", plain?)),
        "ge_percent" | "owned_ge_percent" => {
            said(2, format!("where listed parties own {} % or more", plain?))
        }
        "on_entry" => said(2, format!("arises on entry into {}", plain?)),
        "only_if_stated" => said(
            2,
            format!("offered only where the deal states `{}`", plain_id(value)?),
        ),
        "rebut" => how("unless"),
        "rebut_id" => said(2, format!("rebutted by --condition {}=yes", plain_id(value)?)),
        "except" => how("not where"),
        "from" | "until" => said(3, format!("{key} {}", plain?)),
        "known_from" => said(3, format!("public since {}", plain?)),
        "notification_days" => said(3, format!("notified {} days before", plain?)),
        "codified" => said(
            3,
            if value.as_bool()? {
                "codified"
            } else {
                "not codified"
            }
            .to_owned(),
        ),
        "transfer" => said(
            3,
            if value.as_bool()? {
                "transfers within one country only"
            } else {
                "exports and reexports only"
            }
            .to_owned(),
        ),
        "datacenter" => said(
            1,
            match value.as_bool()? {
                true => "only parts for data centers",
                false => "only parts not for data centers",
            }
            .to_owned(),
        ),
        "conditions" => how("where"),
        "note" => said(4, format!("({})", plain_id(value)?)),
        "source" | "grade" | "binds" | "applies" => said(4, format!("{} {}", key, plain_id(value)?)),
        _ => said(4, format!("{} {}", key.replace('_', " "), plain?)),
    }
}

fn yes(value: &Value, words: &str, rank: u8) -> Option<Said> {
    value.as_bool()?.then(|| Said {
        rank,
        text: words.to_owned(),
    })
}

/// Ids keep their underscores.
fn plain_id(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A value in words; nothing where it is absent or empty.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(crate::view::spaced(text)),
        Value::Object(row) => Some(format!("({})", super::rows::sentence(row))),
        Value::Array(items) => {
            let said: Vec<String> = items.iter().filter_map(plain).collect();
            (!said.is_empty()).then(|| said.join(", "))
        }
    }
}

/// `0.25` as `25 %`.
fn percent(value: &Value) -> Option<String> {
    let rate: f64 = value.as_str()?.parse().ok()?;
    Some(format!("{} %", crate::view::given(rate * 100.0)))
}

fn items(value: &Value) -> Option<String> {
    let word = |text: &str| {
        match text {
            "all" => "every item of 3A090.a and .b",
            "a" => "items of 3A090.a",
            "datacenter_a" => "items of 3A090.a for data centers",
            "notified" => "items of 3A090.a not for data centers, and of 3A090.b for them",
            "hbm" => "items of 3A090.c",
            other => other,
        }
        .to_owned()
    };
    match value {
        Value::String(text) => Some(word(text)),
        Value::Array(all) if !all.is_empty() => {
            let all: Vec<String> = all.iter().filter_map(Value::as_str).map(word).collect();
            Some(all.join(", "))
        }
        _ => None,
    }
}

/// Conditions that must all hold.
fn all(value: &Value, whose: &str) -> Option<String> {
    let rows = value.as_array()?.iter().filter_map(Value::as_object);
    let said: Vec<String> = rows.filter_map(|row| condition(row, whose)).collect();
    (!said.is_empty()).then(|| said.join(" and "))
}

/// Groups of which one must hold.
fn any(value: &Value) -> Option<String> {
    let groups: Vec<String> = value
        .as_array()?
        .iter()
        .filter_map(|group| all(group, ""))
        .collect();
    (!groups.is_empty()).then(|| groups.join(" or whose "))
}

/// `TPP is at least 2400 and below 4800`, for a condition on a metric or a fact.
fn condition(row: &Map<String, Value>, whose: &str) -> Option<String> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let fact = text("fact").map(|fact| {
        let is = row.get("is").and_then(Value::as_bool).unwrap_or(true);
        let not = if is { "" } else { "not " };
        match fact {
            "datacenter" => format!("it is {not}for data centers"),
            "hbm_stack" => format!("it is {not}a stack of high bandwidth memory"),
            other => format!("it is {not}{}", other.replace('_', " ")),
        }
    });
    let metric = text("metric").map(|metric| {
        let (name, unit) = metric_words(metric);
        let bounds: Vec<String> = [
            ("ge", "at least"),
            ("gt", "above"),
            ("lt", "below"),
            ("le", "at most"),
        ]
        .into_iter()
        .filter_map(|(key, words)| Some(format!("{words} {}{unit}", text(key)?)))
        .collect();
        format!("{whose}{name} is {}", bounds.join(" and "))
    });
    match (fact, metric) {
        (Some(fact), Some(metric)) => Some(format!("{fact} and {metric}")),
        (one, other) => one.or(other),
    }
}

fn metric_words(metric: &str) -> (String, &'static str) {
    let (name, unit) = match metric {
        "tpp" => ("TPP", ""),
        "performance_density" => ("performance density", ""),
        "memory_bandwidth" => ("memory bandwidth", " GB/s"),
        "io_2022" => ("sum of inputs and outputs", " GB/s"),
        "scale_up" => ("scale-up link", " GB/s"),
        "memory_plus_io" => ("memory bandwidth with all inputs and outputs", " GB/s"),
        "memory_plus_scale_up" => ("memory bandwidth with the scale-up link", " GB/s"),
        "hbm_density" => ("bandwidth over package area", " GB/s a mm²"),
        other => return (other.replace('_', " "), ""),
    };
    (name.to_owned(), unit)
}
