//! Moves trunk's inline script into a file of its own, because the page's security policy
//! runs only scripts that come as files.

use crate::place::Place;
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How the script begins that trunk writes to load the Wasm.
const BEGIN: &str = "<script type=\"module\">";
const END: &str = "</script>";

/// Leaves a page without such a script as it is.
pub fn move_out(place: &Place) -> Result<()> {
    let page = place.dist().join("index.html");
    let html = fs::read_to_string(&page)
        .with_context(|| format!("trunk wrote no {}; check index.html", page.display()))?;
    let Some((html, name, script)) = split(&html) else {
        return Ok(());
    };
    let file = place.dist().join(name);
    fs::write(&file, script)
        .and_then(|()| fs::write(&page, html))
        .with_context(|| format!("cannot write {}; check that it is yours", file.display()))
}

/// The page without the script, the name for the script's file, the script.
fn split(html: &str) -> Option<(String, String, String)> {
    let (before, rest) = html.split_once(BEGIN)?;
    let (script, after) = rest.split_once(END)?;
    let script = format!("{}\n", script.trim());
    let mut hasher = DefaultHasher::new();
    script.hash(&mut hasher);
    // its content in its name, so that a cache never keeps one that loads yesterday's app
    let name = format!("start-{:016x}.js", hasher.finish());
    let html = format!("{before}<script type=\"module\" src=\"./{name}\"></script>{after}");
    Some((html, name, script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_script_becomes_a_file() {
        let html = "<head><script type=\"module\">\nimport a from './a.js';\n</script></head>";
        let (html, name, script) = split(html).unwrap_or_default();
        assert_eq!(script, "import a from './a.js';\n");
        assert_eq!(
            html,
            format!("<head><script type=\"module\" src=\"./{name}\"></script></head>")
        );
    }

    #[test]
    fn a_page_without_one_stays() {
        assert_eq!(split("<script src=\"./a.js\"></script>"), None);
    }
}
