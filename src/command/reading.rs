//! `knowledge reading`: how well intake reads labelled sentences.

use std::fs;
use std::process::ExitCode;

use crate::command::{Failure, say};
use crate::evaluate::{Tally, read_sentences, sentences};
use crate::knowledge::Knowledge;

pub(super) fn run(kb: &Knowledge, files: &[&str], misses: bool) -> Result<ExitCode, Failure> {
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(file)
            .map_err(|it| Failure(format!("cannot read `{file}`: {it}")))?;
        all.extend(sentences(kb, &text).map_err(|it| Failure(format!("{file}: {it}")))?);
    }
    let tallies = read_sentences(kb, &all);
    let mut total = Tally::default();
    for (label, tally) in &tallies {
        say(&format!("{label}: {tally}"));
        if misses {
            for it in &tally.misses {
                say(&format!("  {it}"));
            }
        }
        total.stated += tally.stated;
        total.read += tally.read;
        total.wrong += tally.wrong;
    }
    say(&format!("{} sentences: {total}", all.len()));
    Ok(ExitCode::SUCCESS)
}
