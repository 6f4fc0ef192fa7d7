//! Part 1: the two sentences, the variant and buyer assumed, buyers side by side, worth.

use super::brief::name;
use super::number::{need, ratio, word};
use super::{Block, Section, Table};
use strait::brief::Brief;
use strait::figure::Outcome;

pub(super) fn section(brief: &Brief) -> Section {
    let mut section = Section::new("1. The answer");
    for sentence in &brief.answer.sentences {
        section.blocks.push(Block::Lead(sentence.clone()));
    }
    let subject = &brief.subject;
    section.text(format!(
        "Variant taken: {} ({}). {}",
        subject.name, subject.chip, subject.note
    ));
    if subject.before_launch {
        section.text(match &subject.announced {
            Some(day) => format!(
                "Not announced by {}: announced {day}. The law is computed as if it existed.",
                brief.strait.on
            ),
            None => "Not announced as far as known: the law is computed as if it existed.".to_owned(),
        });
    }
    if subject.never_sold {
        section.text("It never went on sale as far as known.");
    }
    let siblings = subject
        .siblings
        .iter()
        .map(|s| format!("{}: {}", s.chip, s.differs))
        .collect();
    section.items("Siblings that come out differently:", siblings);
    section.text(brief.answer.buyer_note.clone());
    section.table(buyers(brief));
    worth(brief, &mut section);
    section
}

fn buyers(brief: &Brief) -> Table {
    let head = [
        "buyer",
        "to",
        "US license",
        "review",
        "China side",
        "supply",
        "in one line",
    ];
    let mut table = Table::new("Buyers side by side", &head);
    for row in &brief.answer.buyers {
        table.row([
            row.buyer.clone(),
            row.to.clone(),
            word(&row.license),
            word(&row.review),
            word(&row.china),
            word(&row.supply_effect),
            row.says.clone(),
        ]);
    }
    let citations = &brief.law.verdict.citations;
    table.sources = citations
        .iter()
        .map(|c| strait::figure::SourceId(c.source.clone()))
        .collect();
    table
}

fn worth(brief: &Brief, section: &mut Section) {
    match &brief.answer.worth {
        Outcome::Known(worth) => {
            let mut table = Table::new(
                "Tokens per dollar against the best chip this buyer can get (above 1: the subject gives more)",
                &["workload", "best rival", "ratio (interval)"],
            );
            for row in &worth.rows {
                table.row([
                    word(&row.class),
                    name(brief, &row.rival).to_owned(),
                    ratio(row.ratio),
                ]);
                for behind in &brief.cost.prices {
                    if behind.chip == row.rival || behind.chip == brief.subject.chip {
                        table.figures.extend(
                            behind
                                .hourly
                                .known()
                                .into_iter()
                                .flat_map(|h| h.rests_on.iter().cloned()),
                        );
                    }
                }
            }
            section.table(table);
            let left_out = worth
                .not_compared
                .iter()
                .map(|(chip, why)| format!("{}: {why}", name(brief, chip)))
                .collect();
            section.items("Not compared:", left_out);
        }
        Outcome::Unknown(needs) => {
            section.items(
                "Whether it is worth buying is unknown; what would decide it:",
                needs.iter().map(need).collect(),
            );
        }
    }
}
