//! Markup: `[labels]` and `{values}` that `guidance` can take apart.

use super::super::files::Files;
use super::super::finding::Finding;
use super::suggest::unknown;
use super::wording::Language;

/// The values that `guidance` fills in.
const VALUES: [&str; 7] =
    ["{host}", "{port}", "{security}", "{security-2}", "{user-name}", "{port-tls}", "{domain}"];

/// Brackets close, do not nest and are not empty; placeholders are ones that are filled in.
///
/// The screens' own texts (`ui`, `network`) have their own placeholders.
pub fn balanced(_: &Files, languages: &[Language]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in languages.iter().flat_map(|language| language.texts.values()) {
        let own = ["ui", "network"].contains(&text.section());
        for (offset, item) in &text.items {
            let wrong: Vec<String> = match marks(item) {
                Ok(_) if own => Vec::new(),
                Ok(values) => values.into_iter().filter_map(misspelt).collect(),
                Err(message) => vec![message],
            };
            findings.extend(wrong.into_iter().map(|message| text.at(*offset, message)));
        }
    }
    findings
}

fn misspelt(name: &str) -> Option<String> {
    let value = format!("{{{name}}}");
    (!VALUES.contains(&value.as_str())).then(|| unknown("placeholder", &value, &VALUES))
}

/// The placeholders of a text, or what is wrong with its brackets.
fn marks(text: &str) -> Result<Vec<&str>, String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['[', ']', '{', '}']) {
        let marked = rest.get(open..).unwrap_or("");
        let shown: String = marked.chars().take(20).collect();
        let (close, other) = match marked.chars().next() {
            Some('[') => (']', "[{}"),
            Some('{') => ('}', "[]{"),
            _ => return Err(format!("nothing opens the bracket before `{shown}`")),
        };
        let (inner, after) = marked
            .get(1..)
            .and_then(|it| it.split_once(close))
            .ok_or_else(|| format!("nothing closes the bracket of `{shown}`"))?;
        if inner.contains(|it| other.contains(it)) {
            return Err(format!("brackets do not nest, as in `{shown}`"));
        }
        if inner.trim().is_empty() {
            return Err(format!("there is nothing between the brackets of `{shown}`"));
        }
        values.extend((close == '}').then_some(inner));
        rest = after;
    }
    Ok(values)
}
