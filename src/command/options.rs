//! Reading flags: `--name value` pairs, switches and plain arguments.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::command::Failure;

/// What was given on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<String, Vec<String>>,
    switches: Vec<String>,
    /// Plain arguments in order.
    pub plain: Vec<String>,
}

impl Options {
    /// Reads arguments against the flags a command knows.
    ///
    /// # Errors
    /// An unknown flag, a flag without its value, or an argument that is not UTF-8.
    pub fn read(
        arguments: Vec<OsString>,
        with_value: &[&str],
        switches: &[&str],
    ) -> Result<Options, Failure> {
        let mut options = Options::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Long(name) if with_value.contains(&name) => {
                    let name = name.to_owned();
                    let value = parser.value()?.into_string().map_err(not_text)?;
                    options.values.entry(name).or_default().push(value);
                }
                lexopt::Arg::Long(name) if switches.contains(&name) => {
                    options.switches.push(name.to_owned());
                }
                lexopt::Arg::Short('h') if switches.contains(&"help") => {
                    options.switches.push("help".to_owned());
                }
                lexopt::Arg::Value(value) => {
                    options.plain.push(value.into_string().map_err(not_text)?);
                }
                lexopt::Arg::Long(name) => {
                    return Err(Failure::usage(format!("unknown flag `--{name}`")));
                }
                lexopt::Arg::Short(letter) => {
                    return Err(Failure::usage(format!("unknown flag `-{letter}`")));
                }
            }
        }
        Ok(options)
    }

    /// The value of a flag, the last one if it was repeated.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.all(name).next_back()
    }

    /// Every value of a flag that may be repeated.
    pub fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a switch was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.switches.iter().any(|it| it == name)
    }

    /// Refuses plain arguments in a command that takes none.
    ///
    /// # Errors
    /// The first plain argument.
    pub fn no_plain(&self) -> Result<(), Failure> {
        self.plain
            .first()
            .map_or(Ok(()), |it| Err(Failure::usage(format!("unexpected argument `{it}`"))))
    }
}

fn not_text(value: OsString) -> Failure {
    Failure::usage(format!("`{}` is not valid UTF-8 text", value.to_string_lossy()))
}
