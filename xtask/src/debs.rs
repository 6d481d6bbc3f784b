//! The mail servers of the lab: Debian's packages, unpacked into a folder of their own and not
//! installed. Some of them exclude each other, and none has any business on the user's machine.

use crate::place::Place;
use crate::progress::Progress;
use crate::shell;
use crate::system;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// With what they need and the machine has not; the last two give bad names and bad networks.
const PACKAGES: [&str; 7] = [
    "postfix",
    "libsasl2-modules",
    "exim4-daemon-light",
    "opensmtpd",
    "dovecot-submissiond",
    "unbound",
    "nftables",
];

/// Counts changes of the list.
const RECIPE: &str = "1";

/// Where their files are, as if `/` were there.
pub fn mail_servers(place: &Place, progress: &mut Progress) -> Result<PathBuf> {
    let what = "mail servers for the lab";
    let folder = place.tool("mail-servers", RECIPE);
    let tree = folder.join("tree");
    if tree.is_dir() {
        progress.already(what);
        return Ok(tree);
    }
    let begun = progress.begin(what, "unpacking, less than a minute …");
    let begin = folder.join("begin");
    if begin.exists() {
        fs::remove_dir_all(&begin).context("cannot clear the folder of an earlier attempt")?;
    }
    system::package_lists(place)?;
    for package in PACKAGES {
        fetch(place, package, &begin.join("packages"))
            .with_context(|| format!("cannot get {package}"))?;
    }
    unpack(place, &begin.join("packages"), &begin.join("tree"))?;
    fs::rename(begin.join("tree"), &tree).context("cannot move the mail servers' folder")?;
    fs::remove_dir_all(&begin).context("cannot clear the mail servers' packages")?;
    Progress::done(begun);
    Ok(tree)
}

/// One after the other, because together they would exclude each other.
fn fetch(place: &Place, package: &str, to: &Path) -> Result<()> {
    fs::create_dir_all(to.join("partial"))?;
    let mut apt = place.command("apt-get");
    apt.args(["install", "--yes", "--no-install-recommends", "--reinstall", "--download-only"]);
    apt.arg("-o").arg(format!("Dir::Cache::archives={}", to.display()));
    // nothing is installed, so there is nothing to lock
    apt.args(["-o", "Debug::NoLocking=1", package]);
    shell::quietly(&mut apt)
}

fn unpack(place: &Place, packages: &Path, tree: &Path) -> Result<()> {
    let found = fs::read_dir(packages)?.collect::<std::io::Result<Vec<_>>>()?;
    let debs = found
        .iter()
        .map(fs::DirEntry::path)
        .filter(|it| it.extension().is_some_and(|it| it == "deb"));
    let debs: Vec<PathBuf> = debs.collect();
    if debs.is_empty() {
        bail!("apt-get brought no package");
    }
    for deb in debs {
        shell::quietly(place.command("dpkg-deb").arg("-x").arg(&deb).arg(tree))?;
    }
    Ok(())
}
