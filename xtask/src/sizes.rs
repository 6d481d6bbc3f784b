//! `cargo xtask size`: what a visitor's browser has to load.

use crate::place::Place;
use crate::site;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;

/// The kinds of file that a first visit loads.
const KINDS: [&str; 4] = ["html", "js", "css", "wasm"];

/// Bytes as built, and as the two ways in which servers send them.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub fn run(place: &Place) -> Result<()> {
    let dist = place.dist();
    let mut total = Size::default();
    let mut rows = Vec::new();
    for file in site::files(&dist)? {
        let kind = file.extension().unwrap_or_default().to_string_lossy();
        if !KINDS.contains(&kind.as_ref()) {
            continue;
        }
        let bytes = fs::read(&file)
            .with_context(|| format!("cannot read {}; build again", file.display()))?;
        let size = measure(&bytes)?;
        total = sum(total, size);
        let name = file.strip_prefix(&dist).unwrap_or(&file);
        rows.push(row(&name.display().to_string(), size));
    }
    if rows.is_empty() {
        bail!("nothing is built yet; run `cargo xtask start --no-serve` first");
    }
    println!("| file | bytes | gzip -9 | brotli 11 |\n|---|--:|--:|--:|");
    println!("{}\n{}", rows.join("\n"), row("**all**", total));
    Ok(())
}

fn row(name: &str, size: Size) -> String {
    format!("| {name} | {} | {} | {} |", size.raw, size.gzip, size.brotli)
}

fn sum(one: Size, other: Size) -> Size {
    Size {
        raw: one.raw + other.raw,
        gzip: one.gzip + other.gzip,
        brotli: one.brotli + other.brotli,
    }
}

fn measure(bytes: &[u8]) -> Result<Size> {
    let failed = "compressing in memory failed; free some memory and try again";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).context(failed)?;
    let mut brotli = Vec::new();
    // 22 is the largest window that browsers accept
    let mut writer = brotli::CompressorWriter::new(&mut brotli, 1 << 16, 11, 22);
    writer.write_all(bytes).context(failed)?;
    // dropping it writes the end of the stream
    drop(writer);
    Ok(Size { raw: bytes.len(), gzip: gzip.finish().context(failed)?.len(), brotli: brotli.len() })
}
