//! Where an entry stands: the start of every finding about it.

use toml::Spanned;

use super::super::compile::each;
use super::super::files::{Files, Parsed};
use super::super::finding::{Finding, line_of};
use super::super::source::{
    Action, App, Beacon, Fault, File, Observation, Procedure, Provider, Signature,
};

/// An entry of the structure files: `[[fault]]`, `[[observation]]` and so on.
pub trait Entry: Sized + 'static {
    /// Its section's name.
    const KIND: &str;
    /// All of its kind in a file.
    fn section(file: &File) -> &Vec<Self>;
    /// What it is known by among its kind.
    fn name(&self) -> String;
    /// Byte offset of that name.
    fn offset(&self) -> usize;
    /// What its author relied on.
    fn sources(&self) -> Vec<&str>;
}

/// An entry's file, line and key.
#[derive(Clone)]
pub struct Place<'a> {
    file: &'a Parsed<File>,
    offset: usize,
    key: String,
}

impl Place<'_> {
    /// A finding about the entry as a whole.
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        self.file.finding(self.offset, self.key.as_str(), message.into())
    }

    /// A finding about one value of the entry.
    pub fn at<T>(&self, value: &Spanned<T>, message: impl Into<String>) -> Finding {
        self.file.finding(value.span().start, self.key.as_str(), message.into())
    }

    /// File and line, for findings about another entry that name this one.
    pub fn line(&self) -> String {
        format!("{}:{}", self.file.name, line_of(&self.file.text, self.offset))
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file.name
    }
}

/// Every entry of a kind, in file order.
pub fn entries<T: Entry>(files: &Files) -> impl Iterator<Item = (Place<'_>, &T)> {
    each(files, T::section).map(|(file, entry)| {
        let key = format!("{}.{}", T::KIND, entry.name());
        (Place { file, offset: entry.offset(), key }, entry)
    })
}

/// The names of a kind, in file order.
pub fn names<T: Entry>(files: &Files) -> Vec<String> {
    entries::<T>(files).map(|(_, entry)| entry.name()).collect()
}

macro_rules! entry {
    ($type:ident, $kind:literal, $section:ident) => {
        impl Entry for $type {
            const KIND: &str = $kind;
            fn section(file: &File) -> &Vec<Self> {
                &file.$section
            }
            fn name(&self) -> String {
                self.id.get_ref().clone()
            }
            fn offset(&self) -> usize {
                self.id.span().start
            }
            fn sources(&self) -> Vec<&str> {
                vec![&self.source]
            }
        }
    };
}

entry!(Fault, "fault", fault);
entry!(Observation, "observation", observation);
entry!(Action, "action", action);
entry!(Signature, "signature", signature);
entry!(App, "app", app);
entry!(Beacon, "beacon", beacon);

/// A procedure has no id: it is the one for this task in this app.
impl Entry for Procedure {
    const KIND: &str = "procedure";
    fn section(file: &File) -> &Vec<Self> {
        &file.procedure
    }
    fn name(&self) -> String {
        format!("{}.{}", self.app.get_ref(), self.task.get_ref())
    }
    fn offset(&self) -> usize {
        self.task.span().start
    }
    fn sources(&self) -> Vec<&str> {
        vec![&self.source]
    }
}

/// A provider's facts are its candidates, and each has a source of its own.
impl Entry for Provider {
    const KIND: &str = "provider";
    fn section(file: &File) -> &Vec<Self> {
        &file.provider
    }
    fn name(&self) -> String {
        self.id.get_ref().clone()
    }
    fn offset(&self) -> usize {
        self.id.span().start
    }
    fn sources(&self) -> Vec<&str> {
        self.candidate.iter().map(|candidate| candidate.source.as_str()).collect()
    }
}
