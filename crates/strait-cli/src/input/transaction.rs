//! A transaction from flags, a deal file and, in a batch, the cells of a row: facts, then places, then
//! what follows from both.

use super::{Inputs, read, today};
use crate::args::{Route, TransactionArgs};
use jiff::civil::Date;
use miette::{Result, miette};
use strait::catalog::Chip;
use strait::rules::{Fact, Places, Site, Transaction, UnknownPlace, agree, read_countries, read_deal};

/// What flags and deal file state: the whole transaction, or the defaults of a batch's rows.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    /// Facts; countries as typed, a destination not named is empty.
    pub(crate) tx: Transaction,
    /// Route, where one was named.
    pub(crate) route: Option<Route>,
    /// First day strait has data for.
    pub(crate) begins: Date,
}

/// Where whoever asks states the facts, so that a message names what they can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedIn {
    /// In flags and a deal file.
    Flags,
    /// In the columns of a parts file, over flags that hold for every row.
    Columns,
}

impl StatedIn {
    /// A fact as it is called there.
    fn name(self, fact: Fact) -> String {
        match self {
            Self::Flags => format!("--{fact}"),
            Self::Columns => format!("`{fact}`"),
        }
    }

    /// What was given for a field; the message on a row names its column first.
    fn given(self, field: &str, word: &str) -> String {
        match self {
            Self::Flags => format!("--{field} `{word}`"),
            Self::Columns => format!("`{word}`"),
        }
    }

    /// How to unsay a field.
    fn leave(self, field: &str) -> String {
        match self {
            Self::Flags => format!("leave --{field} away"),
            Self::Columns => format!("leave `{field}` empty"),
        }
    }
}

/// Why the facts make no transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsettled {
    /// The flag or column, without dashes.
    pub(crate) field: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

impl Inputs {
    /// What the flags and the deal file state, flags prevailing.
    pub(crate) fn stated(&self, args: &TransactionArgs) -> Result<Stated> {
        let today = today();
        let mut blank = self.blank(args.on.unwrap_or(today), args.known.unwrap_or(today))?;
        let tx = &mut blank.tx;
        if let Some(path) = &args.deal {
            read_deal(&path.display().to_string(), &read(path)?, tx)?;
        }
        agree(&args.conditions).map_err(|wrong| miette!("--condition: {wrong}"))?;
        set_flags(args, tx);
        blank.route = args.route;
        Ok(blank)
    }

    /// A transaction in which nothing is stated but the days.
    pub(crate) fn blank(&self, on: Date, known: Date) -> Result<Stated> {
        Ok(Stated {
            tx: Transaction::new(strait::catalog::ChipId(String::new()), "", on, known),
            route: None,
            begins: self.begins()?,
        })
    }

    /// The transaction that the flags and the deal file state for one chip.
    pub(crate) fn transaction(
        &self,
        args: &TransactionArgs,
        chip: &Chip,
        designer_country: Option<&str>,
        places: &Places,
    ) -> Result<Transaction> {
        let mut stated = self.stated(args)?;
        stated.tx.chip = chip.id.clone();
        stated
            .settle(designer_country, places, StatedIn::Flags)
            .map_err(Unsettled::report)?;
        Ok(stated.tx)
    }
}

impl Stated {
    /// Resolves places, derives the origin, and checks route and days.
    pub(crate) fn settle(
        &mut self,
        designer_country: Option<&str>,
        places: &Places,
        stated: StatedIn,
    ) -> Result<(), Unsettled> {
        let tx = &mut self.tx;
        if tx.to.is_empty() {
            return Err(Unsettled {
                field: "to",
                message: "no destination given".into(),
                help: match stated {
                    StatedIn::Flags => "name it with --to or in the deal file".into(),
                    StatedIn::Columns => "fill the column `to`".into(),
                },
            });
        }
        let place = |field, typed: &str| places.resolve(typed).map_err(|e| unknown_place(field, &e));
        tx.to = place("to", &tx.to)?;
        tx.from = tx.from.as_deref().map(|from| place("from", from)).transpose()?;
        tx.headquarters = tx.headquarters.as_deref().map(|hq| place("hq", hq)).transpose()?;
        tx.parent = tx.parent.as_deref().map(|p| place("parent", p)).transpose()?;
        for user in tx.remote_users.iter_mut().flatten() {
            *user = place("remote-users", user)?;
        }
        check_route(self.route, &self.tx, designer_country, places, stated)?;
        check_site(&self.tx, stated)?;
        for (field, day) in [("on", self.tx.on), ("known", self.tx.known)] {
            if day < self.begins {
                return Err(Unsettled {
                    field,
                    message: format!("`{day}` lies before the data begin ({})", self.begins),
                    help: format!("give {} or later", self.begins),
                });
            }
        }
        Ok(())
    }
}

impl Unsettled {
    /// The same as a report of a single command.
    pub(crate) fn report(self) -> miette::Report {
        let Self { field, message, help } = self;
        let message = match field {
            "on" | "known" => format!("--{field} {message}"),
            _ => message,
        };
        miette!(help = help, "{message}")
    }
}

fn unknown_place(field: &'static str, error: &UnknownPlace) -> Unsettled {
    let own = "a country's English name or its two-letter code";
    Unsettled {
        field,
        message: format!("no country `{}` in the data", error.typed),
        help: if error.near.is_empty() {
            own.to_owned()
        } else {
            format!("did you mean `{}`? {own}", error.near.join("`, `"))
        },
    }
}

fn set_flags(args: &TransactionArgs, tx: &mut Transaction) {
    fn set<T: Clone>(field: &mut T, given: Option<&T>) {
        if let Some(given) = given {
            field.clone_from(given);
        }
    }
    fn set_some<T: Clone>(field: &mut Option<T>, given: Option<&T>) {
        if given.is_some() {
            *field = given.cloned();
        }
    }
    set(&mut tx.to, args.to.as_ref());
    set(&mut tx.on, args.on.as_ref());
    set(&mut tx.known, args.known.as_ref());
    set_some(&mut tx.from, args.from.as_ref());
    set(&mut tx.segment, args.segment.as_ref());
    set(&mut tx.channel, args.channel.as_ref());
    set(&mut tx.listed, args.listed.as_ref());
    set(&mut tx.exporter, args.exporter.as_ref());
    set_some(&mut tx.headquarters, args.hq.as_ref());
    set_some(&mut tx.parent, args.parent.as_ref());
    set_some(&mut tx.site, args.site.as_ref());
    set_some(&mut tx.owned_by_listed_percent, args.owned_by_listed.as_ref());
    set_some(&mut tx.use_, args.use_.as_ref());
    let users = args
        .remote_users
        .as_ref()
        .map(|all| read_countries(all.iter().map(String::as_str)));
    set_some(&mut tx.remote_users, users.as_ref());
    set_some(&mut tx.supercomputer, args.supercomputer.as_ref());
    set_some(&mut tx.military, args.military.as_ref());
    set_some(&mut tx.quantity, args.quantity.as_ref());
    set_some(&mut tx.china_to_us_tpp_percent, args.china_to_us_tpp.as_ref());
    set_some(&mut tx.us_laboratory, args.us_laboratory.as_ref());
    set(&mut tx.known_to, args.known_to.as_ref());
    set_some(&mut tx.notified_days_before, args.notified_days_before.as_ref());
    set_some(&mut tx.direct_product, args.direct_product.as_ref());
    set_some(&mut tx.us_content_percent, args.us_content.as_ref());
    set_some(&mut tx.host, args.host.as_ref());
    tx.conditions.extend(args.conditions.iter().cloned());
    tx.codified |= args.codified;
}

/// The buyer puts it where it goes: into mainland China, or anywhere else.
fn check_site(tx: &Transaction, stated: StatedIn) -> Result<(), Unsettled> {
    let (word, is) = match (tx.site, tx.to.as_str()) {
        (Some(Site::Mainland), to) if to != "CN" => ("mainland", "is offshore, as the China side sees it"),
        (Some(Site::Offshore), "CN") => ("offshore", "is mainland China"),
        _ => return Ok(()),
    };
    let to = stated.name(Fact::To);
    Err(Unsettled {
        field: "site",
        message: format!(
            "{} contradicts {to} {}, which {is}",
            stated.given("site", word),
            tx.to
        ),
        help: format!("{}, or say in {to} where the chip is put", stated.leave("site")),
    })
}

fn check_route(
    given: Option<Route>,
    tx: &Transaction,
    designer: Option<&str>,
    places: &Places,
    stated: StatedIn,
) -> Result<(), Unsettled> {
    let from = tx.origin(designer);
    let derived = if places.one_destination(from, &tx.to) {
        Route::Transfer
    } else if from == "US" {
        Route::Export
    } else {
        Route::Reexport
    };
    match given {
        Some(route) if route != derived => Err(Unsettled {
            field: "route",
            message: format!(
                "{} contradicts {} to {}: by the law's words that is `{}`",
                stated.given("route", route.word()),
                from,
                tx.to,
                derived.word()
            ),
            help: format!(
                "{}, or correct {} and {}",
                stated.leave("route"),
                stated.name(Fact::From),
                stated.name(Fact::To)
            ),
        }),
        _ => Ok(()),
    }
}
