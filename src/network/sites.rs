//! The public probes of a build, as one text: `OUTBOX_PROBES` when the page is built. Also part of
//! the build script, which refuses what this does not read.

/// A public probe and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// For people: where it stands.
    pub name: String,
    /// Origin, such as `https://probe.example`; empty for the page's own.
    pub origin: String,
}

/// Reads `Frankfurt=https://fra.example Chicago=https://chi.example`; a name has `_` for a blank.
///
/// ```
/// use outbox_doctor::network::sites::sites;
/// let found = sites("New_York=https://nyc.example /").unwrap();
/// assert_eq!((found[0].name.as_str(), found[0].origin.as_str()), ("New York", "https://nyc.example"));
/// assert_eq!(found[1].origin, "", "`/` is the page's own origin");
/// assert!(sites("https://nyc.example/path").is_err());
/// ```
///
/// # Errors
/// A word that is not the origin of a server.
pub fn sites(text: &str) -> Result<Vec<Site>, String> {
    text.split_whitespace().map(site).collect()
}

fn site(word: &str) -> Result<Site, String> {
    let (name, address) = word.split_once('=').unwrap_or(("", word));
    let origin = match address {
        "/" => "",
        address if is_origin(address) => address,
        _ => {
            return Err(format!(
                "`{word}` is no probe; write https://HOST or NAME=https://HOST, without a path"
            ));
        }
    };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let name = if name.is_empty() { host.to_owned() } else { name.replace('_', " ") };
    Ok(Site { name, origin: origin.to_owned() })
}

/// `https`, or `http` on this computer: others would be blocked as mixed content.
fn is_origin(address: &str) -> bool {
    let secure = address.strip_prefix("https://");
    let near = address
        .strip_prefix("http://")
        .filter(|it| ["127.0.0.1:", "localhost:"].iter().any(|start| it.starts_with(start)));
    let plain = |it: char| it.is_ascii_alphanumeric() || ".-:".contains(it);
    secure.or(near).is_some_and(|host| !host.is_empty() && host.chars().all(plain))
}

/// The same for a Content-Security-Policy: all foreign origins, each with a blank before it.
#[must_use]
pub fn connect(sites: &[Site]) -> String {
    let foreign = sites.iter().filter(|it| !it.origin.is_empty());
    foreign.flat_map(|it| [" ", it.origin.as_str()]).collect()
}
