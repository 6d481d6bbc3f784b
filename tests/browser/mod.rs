//! A real browser and the real program, started for one story and stopped with it.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// What a story returns: the first thing that was not as it should be.
pub type Told = Result<(), Box<dyn Error>>;

/// How long the page may take to show something.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process that ends with its story.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A browser window on the app.
pub struct Page {
    /// The WebDriver session.
    pub client: Client,
    port: u16,
    _running: Vec<Running>,
}

/// Starts program and browser, tells the story, and leaves a screenshot if it goes wrong.
pub fn story(name: &str, size: (u32, u32), tell: impl AsyncFnOnce(&Page) -> Told) {
    story_with(&["--port", "0"], name, size, tell);
}

/// The same in front of the lab's broken servers.
pub fn lab_story(name: &str, size: (u32, u32), tell: impl AsyncFnOnce(&Page) -> Told) {
    story_with(&["serve", "--lab", "--no-open", "--port", "0"], name, size, tell);
}

fn story_with(
    arguments: &[&str],
    name: &str,
    size: (u32, u32),
    tell: impl AsyncFnOnce(&Page) -> Told,
) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let page = match Page::open(arguments, size).await {
            Ok(page) => page,
            Err(error) => panic!("{name}: {error}"),
        };
        if let Err(error) = tell(&page).await {
            let shot = page.screenshot(name).await;
            panic!("{name}: {error}; see {}", shot.display());
        }
        let _closed = page.client.clone().close().await;
    });
}

impl Page {
    async fn open(arguments: &[&str], (width, height): (u32, u32)) -> Result<Page, Box<dyn Error>> {
        let (site, address) = start_site(arguments)?;
        let (driver, port) = start_driver()?;
        let client = connect(port).await?;
        client.set_window_size(width, height).await?;
        client.goto(&address).await?;
        Ok(Page { client, port, _running: vec![site, driver] })
    }

    async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("e2e");
        let _made = fs::create_dir_all(&folder);
        let path = folder.join(format!("{name}.png"));
        if let Ok(png) = self.client.screenshot().await {
            let _written = fs::write(&path, png);
        }
        if let Ok(html) = self.client.source().await {
            let _written = fs::write(folder.join(format!("{name}.html")), html);
        }
        path
    }

    /// The element with this `data-test`, waiting until it is there.
    pub async fn find(&self, test: &str) -> Result<Element, Box<dyn Error>> {
        self.css(&format!("[data-test='{test}']")).await
    }

    /// The element of a CSS selector, waiting until it is there.
    pub async fn css(&self, selector: &str) -> Result<Element, Box<dyn Error>> {
        let wait = self.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::Css(selector)).await;
        found.map_err(|error| format!("no element `{selector}`: {error}").into())
    }

    /// Clicks the element with this `data-test`.
    pub async fn click(&self, test: &str) -> Told {
        self.find(test).await?.click().await.map_err(|it| format!("click `{test}`: {it}"))?;
        Ok(())
    }

    /// Types into the element with this `data-test`.
    pub async fn type_in(&self, test: &str, text: &str) -> Told {
        self.find(test).await?.send_keys(text).await?;
        Ok(())
    }

    /// Waits until the next step is of this kind and id.
    pub async fn expect_step(&self, kind: &str, id: &str) -> Told {
        let id = if id.is_empty() { String::new() } else { format!("[data-id='{id}']") };
        self.css(&format!("[data-test='step'][data-kind='{kind}']{id}")).await?;
        Ok(())
    }

    /// Waits until the page shows these words.
    pub async fn expect_text(&self, words: &str) -> Told {
        let start = Instant::now();
        loop {
            let shown = self.css("body").await?.text().await?;
            if shown.contains(words) {
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("no `{words}` on the page").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Makes the browser's processor so many times slower. Chromium's own command, which WebDriver has
/// no words for.
pub async fn slow_down(page: &Page, times: u32) -> Told {
    let session = page.client.session_id().await?.ok_or("the browser has no session")?;
    let body = json!({ "cmd": "Emulation.setCPUThrottlingRate", "params": { "rate": times } });
    let body = body.to_string();
    let mut driver = TcpStream::connect(("127.0.0.1", page.port))?;
    write!(
        driver,
        "POST /session/{session}/goog/cdp/execute HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    BufReader::new(driver).read_line(&mut answer)?;
    if answer.contains(" 200 ") { Ok(()) } else { Err(format!("no slower: {answer}").into()) }
}

/// The program under test, on a free port.
fn start_site(arguments: &[&str]) -> Result<(Running, String), Box<dyn Error>> {
    let program = std::env::var("OUTBOX_DOCTOR_BIN")
        .unwrap_or_else(|_| env!("CARGO_BIN_EXE_outbox-doctor").to_owned());
    let mut child = Command::new(&program)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|it| format!("cannot start `{program}`: {it}; run `cargo xtask test e2e`"))?;
    let mut address = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut address)?;
    }
    let running = Running(child);
    if address.starts_with("http") {
        Ok((running, address.trim().to_owned()))
    } else {
        Err(format!("`{program}` did not say where it serves; run `cargo xtask test e2e`").into())
    }
}

fn start_driver() -> Result<(Running, u16), Box<dyn Error>> {
    let driver = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let child = Command::new(&driver)
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|it| {
            format!(
                "no browser driver `{driver}`: {it}; `cargo xtask test` installs chromium-driver"
            )
        })?;
    Ok((Running(child), port))
}

async fn connect(port: u16) -> Result<Client, Box<dyn Error>> {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];
    let capabilities = json!({
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    let capabilities = capabilities.as_object().cloned().unwrap_or_default();
    let address = format!("http://127.0.0.1:{port}");
    let start = Instant::now();
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match builder.capabilities(capabilities.clone()).connect(&address).await {
            Ok(client) => return Ok(client),
            Err(_) if start.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => return Err(format!("the browser does not start: {error}").into()),
        }
    }
}
