//! "Did you mean": the nearest known id to a misspelt one.

/// How many letters must be changed, dropped, added or swapped with their neighbour.
///
/// Damerau (1964); the restricted form that never edits a swapped pair again.
///
/// ```
/// use outbox_doctor::knowledge::lint::suggest::distance;
/// assert_eq!(distance("webmail-sneds", "webmail-sends"), 1);
/// assert_eq!(distance("vpn", "vpn-off"), 4);
/// ```
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (row, letter) in (1..).zip(one.chars()) {
        let mut current = vec![row];
        for (column, compared) in other.iter().enumerate() {
            let changed = at(&above, column) + usize::from(letter != *compared);
            let dropped = at(&above, column + 1) + 1;
            let added = at(&current, column) + 1;
            let neighbour = column
                .checked_sub(1)
                .filter(|it| last == Some(*compared) && other.get(*it) == Some(&letter));
            let swapped = neighbour.map_or(usize::MAX, |it| at(&before, it) + 1);
            current.push(changed.min(dropped).min(added).min(swapped));
        }
        before = std::mem::replace(&mut above, current);
        last = Some(letter);
    }
    at(&above, other.len())
}

fn at(row: &[usize], column: usize) -> usize {
    row.get(column).copied().unwrap_or(usize::MAX - 1)
}

/// The end of a message about an unknown text: the nearest known one, if one is near.
///
/// ```
/// use outbox_doctor::knowledge::lint::suggest::did_you_mean;
/// assert_eq!(did_you_mean("yess", &["yes", "no"]), "; did you mean `yes`?");
/// assert_eq!(did_you_mean("perhaps", &["yes", "no"]), "");
/// ```
#[must_use]
pub fn did_you_mean(text: &str, known: &[impl AsRef<str>]) -> String {
    let farthest = (text.chars().count() / 4).max(1);
    let near = known.iter().map(|it| (distance(text, it.as_ref()), it.as_ref()));
    let nearest = near.filter(|(distance, _)| *distance <= farthest).min();
    nearest.map_or_else(String::new, |(_, it)| format!("; did you mean `{it}`?"))
}

/// What is said of a reference that leads nowhere.
#[must_use]
pub fn unknown(kind: &str, text: &str, known: &[impl AsRef<str>]) -> String {
    format!("unknown {kind} `{text}`{}", did_you_mean(text, known))
}
