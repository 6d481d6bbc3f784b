//! Reading level: sentences that an unhurried 70-year-old reads once.
//!
//! The grade is that of Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability
//! formulas for Navy enlisted personnel" (1975), known as Flesch–Kincaid:
//! 0.39 words per sentence + 11.8 syllables per word − 15.59, in years of American schooling.
//! It was derived for English, so other languages are not measured by it.
//!
//! Syllables are counted by groups of vowels. On the words of `en` (12,455 in November 2026, all
//! that the CMU pronouncing dictionary knows) that gave 15,624 syllables, the dictionary 15,628.

use super::super::files::Files;
use super::super::finding::Finding;
use super::wording::{ENGLISH, Language};

/// Highest grade of any text.
const HIGHEST: f64 = 8.0;
/// Fewer words are a label; the formula means nothing for them.
const FEWEST_WORDS: usize = 12;
/// What stands for labels, values and addresses: they are copied, not read.
const NEUTRAL: &str = "word";

/// Every text of twelve words or more reads at grade 8 or below; steps are judged as a whole.
pub fn level(_: &Files, languages: &[Language]) -> Vec<Finding> {
    let english = languages.iter().filter(|language| language.name == ENGLISH);
    let texts = english.flat_map(|language| language.texts.values());
    let judged = texts.filter_map(|text| {
        let items: Vec<&str> = text.items.iter().map(|(_, item)| item.as_str()).collect();
        let grade = (10.0 * grade(&items)).round() / 10.0;
        let hard = Counts::of(&items).words >= FEWEST_WORDS && grade > HIGHEST;
        hard.then(|| text.finding(format!("reads at grade {grade:.1}, at most {HIGHEST:.1}")))
    });
    judged.collect()
}

/// The Flesch–Kincaid grade of texts that are read one after the other; 0 without words.
///
/// ```
/// use outbox_doctor::knowledge::lint::reading::grade;
/// // 6 words, 1 sentence, 6 syllables
/// assert_eq!(format!("{:.2}", grade(&["The cat sat on the mat."])), "-1.45");
/// // 9 words, 1 sentence, 15 syllables
/// let sentence = "Your provider does not accept this password any longer.";
/// assert_eq!(format!("{:.2}", grade(&[sentence])), "7.59");
/// ```
#[must_use]
pub fn grade(texts: &[&str]) -> f64 {
    let Counts { words, sentences, syllables } = Counts::of(texts);
    if words == 0 {
        return 0.0;
    }
    let [words, sentences, syllables] = [words, sentences, syllables].map(float);
    0.39 * words / sentences + 11.8 * syllables / words - 15.59
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[derive(Default)]
struct Counts {
    words: usize,
    sentences: usize,
    syllables: usize,
}

impl Counts {
    fn of(texts: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for text in texts {
            let text = neutral(text);
            let mut open = false;
            for word in text.split_whitespace().filter(|it| it.contains(char::is_alphanumeric)) {
                counts.words += 1;
                counts.syllables += syllables(word);
                open = !ends_sentence(word);
                counts.sentences += usize::from(!open);
            }
            // An item of a list is a sentence, with or without a full stop.
            counts.sentences += usize::from(open);
        }
        counts
    }
}

fn ends_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '\'', '”', '’', ')']).ends_with(['.', '!', '?', '…'])
}

/// The text with one plain word for each `[label]` and `{value}`.
fn neutral(text: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            '[' | '{' if depth == 0 => {
                plain.push_str(NEUTRAL);
                depth = 1;
            }
            ']' | '}' => depth = 0,
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// Syllables of a word as it stands between spaces; an address counts as one.
fn syllables(word: &str) -> usize {
    let bare = word.trim_matches(|it: char| !it.is_alphanumeric());
    if bare.contains(['.', '@']) || bare.contains("://") {
        return 1;
    }
    let spoken: String = bare.to_lowercase().replace(['\'', '’'], "");
    let parts = spoken.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty());
    parts.map(vowel_groups).sum::<usize>().max(1)
}

/// Groups of vowels less the silent ones at the end, at least one.
///
/// Silent are `e` except behind consonant and `l` (`ta-ble`), `ed` except behind `t`, `d`, and `es`
/// except behind a hissing letter (`boxes`). `y` before a vowel is a consonant (`yes`, `player`).
fn vowel_groups(word: &str) -> usize {
    let letters: Vec<char> = word.chars().collect();
    let mut groups = 0;
    let mut before = false;
    for (letter, next) in letters.iter().zip(letters.iter().skip(1).chain([&' '])) {
        let vowel = plain_vowel(*letter) || (*letter == 'y' && !plain_vowel(*next));
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    if groups > 1 && silent_end(&letters) { groups - 1 } else { groups.max(1) }
}

fn silent_end(letters: &[char]) -> bool {
    match letters {
        [.., before, 'l', 'e'] => plain_vowel(*before),
        [.., before, 'e'] => !plain_vowel(*before),
        [.., before, 'e', 'd'] => !plain_vowel(*before) && !"td".contains(*before),
        [.., before, 'e', 's'] => !plain_vowel(*before) && !"sxzcgh".contains(*before),
        _ => false,
    }
}

fn plain_vowel(letter: char) -> bool {
    "aeiou".contains(letter)
}
