//! The dialogue with one server over any stream: greeting, encryption, what it offers, leaving.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::certificate;
use super::smtp::reply::{mechanisms, offers_starttls};
use super::smtp::{Said, Wire};
use super::teller::{Ended, Noted, Teller};
use super::tls::{self, Shaken};
use super::trust::Roots;
use crate::network::read::MAX_LIST;
use crate::network::{Code, Detail, Mode, Reply, Stage};

/// How to talk to a server.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its name, for the certificate.
    pub host: String,
    /// How encryption starts.
    pub mode: Mode,
    /// How long to wait for the greeting.
    pub greeting: Duration,
    /// Leave after the greeting.
    pub control: bool,
    /// How to name oneself.
    pub hello: String,
    /// Whom to ask about certificates.
    pub roots: Roots,
}

/// Talks to a server and tells of every stage. True if it came as far as it was meant to, a bad
/// certificate apart.
pub async fn dialogue<S>(stream: S, way: &Way, teller: &Teller) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let finished = match way.mode {
        Mode::Starttls => in_the_clear(stream, way, teller).await,
        Mode::Tls => encrypted_at_once(stream, way, teller).await,
    };
    finished.is_some()
}

async fn in_the_clear<S>(stream: S, way: &Way, teller: &Teller) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut wire = Wire::new(stream, teller.limits.size);
    if ask_for_encryption(&mut wire, way, teller).await.is_none() {
        leave_quietly(wire, teller).await;
        return None;
    }
    if way.control {
        leave_quietly(wire, teller).await;
        return Some(());
    }
    let shaken = handshake(wire.into_stream(), way, teller).await?;
    judge(&shaken, way, teller).await;
    let mut wire = Wire::new(shaken.stream, teller.limits.size);
    encrypted(&mut wire, way, teller).await
}

/// Up to the point where the handshake begins; for a control, up to the greeting.
async fn ask_for_encryption<S>(wire: &mut Wire<S>, way: &Way, teller: &Teller) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    greeting(wire, way, teller).await?;
    if way.control {
        return Some(());
    }
    let lines = ehlo(wire, Stage::Ehlo, way, teller).await?;
    let limit = teller.limits.reply;
    teller.stage(Stage::Starttls, limit, Code::ReplyTimeout, starttls(wire, &lines)).await
}

async fn encrypted_at_once<S>(stream: S, way: &Way, teller: &Teller) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let shaken = handshake(stream, way, teller).await?;
    judge(&shaken, way, teller).await;
    let mut wire = Wire::new(shaken.stream, teller.limits.size);
    if greeting(&mut wire, way, teller).await.is_none() || way.control {
        leave_quietly(wire, teller).await;
        return way.control.then_some(());
    }
    encrypted(&mut wire, way, teller).await
}

async fn greeting<S>(wire: &mut Wire<S>, way: &Way, teller: &Teller) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let work = async { expect(wire.reply().await, 220).map(|(_, noted)| ((), noted)) };
    teller.stage(Stage::Greeting, way.greeting, Code::ReplyTimeout, work).await
}

async fn ehlo<S>(wire: &mut Wire<S>, at: Stage, way: &Way, teller: &Teller) -> Option<Vec<String>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let work = async {
        wire.say(&format!("EHLO {}", way.hello)).await?;
        expect(wire.reply().await, 250)
    };
    teller.stage(at, teller.limits.reply, Code::ReplyTimeout, work).await
}

/// RFC 3207 §4. Whatever stands in the buffer after the 220 was not protected, and a client that
/// took it for the server's would be deceived (§6).
async fn starttls<S>(wire: &mut Wire<S>, lines: &[String]) -> Ended<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if !offers_starttls(lines) {
        return Err(Code::StarttlsNotOffered.into());
    }
    wire.say("STARTTLS").await?;
    let (_, noted) = expect(wire.reply().await, 220)?;
    if wire.has_unread() {
        return Err(Box::new(Noted { code: Some(Code::StarttlsInjected), ..noted }));
    }
    Ok(((), noted))
}

async fn handshake<S>(stream: S, way: &Way, teller: &Teller) -> Option<Shaken<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let work = async {
        let shaken = tls::handshake(stream, &way.host).await?;
        let (tls, cipher) = (shaken.version.to_owned(), shaken.cipher.clone());
        let detail = Detail { tls, cipher, ..Detail::default() };
        Ok((shaken, Noted { detail, ..Noted::default() }))
    };
    teller.stage(Stage::Tls, teller.limits.reply, Code::TlsTimeout, work).await
}

/// The certificate, apart from the handshake: what is bad is reported and the dialogue goes on.
async fn judge<S>(shaken: &Shaken<S>, way: &Way, teller: &Teller) {
    if way.control {
        return;
    }
    let (chain, host, roots) = (shaken.chain.clone(), way.host.clone(), way.roots.clone());
    let limit = teller.limits.reply;
    let facts = chain.iter().take(MAX_LIST).map(|it| certificate::facts(it)).collect();
    let work = async {
        // some systems go and look for missing certificates
        let judging = tokio::task::spawn_blocking(move || roots.judge(&chain, &host));
        let mut noted = Noted::default();
        noted.detail.chain = facts;
        let Ok(Ok(judgement)) = timeout(limit, judging).await else {
            return Err(Box::new(Noted { blind: true, ..noted }));
        };
        noted.detail.platform = Some(judgement.platform);
        noted.detail.mozilla = Some(judgement.mozilla);
        let (good, code) = judgement.decision();
        noted.code = code;
        if good { Ok(((), noted)) } else { Err(Box::new(noted)) }
    };
    teller.stage(Stage::Cert, 2 * limit, Code::LimitTime, work).await;
}

async fn encrypted<S>(wire: &mut Wire<S>, way: &Way, teller: &Teller) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let lines = ehlo(wire, Stage::EhloTls, way, teller).await?;
    let offered = sign_in(&lines);
    let limit = teller.limits.reply;
    let works = teller.stage(Stage::Auth, limit, Code::ReplyTimeout, async { offered }).await;
    teller.stage(Stage::Quit, teller.limits.quit, Code::ReplyTimeout, quit(wire)).await;
    works
}

fn sign_in(lines: &[String]) -> Ended<()> {
    let mechanisms = mechanisms(lines);
    if mechanisms.is_empty() {
        return Err(Code::AuthNotOffered.into());
    }
    let detail = Detail { mechanisms, ..Detail::default() };
    Ok(((), Noted { detail, ..Noted::default() }))
}

/// A server that just hangs up has not failed at anything.
async fn quit<S>(wire: &mut Wire<S>) -> Ended<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let blind = |noted: Box<Noted>| Box::new(Noted { blind: true, ..*noted });
    wire.say("QUIT").await.map_err(|code| blind(code.into()))?;
    expect(wire.reply().await, 221).map(|(_, noted)| ((), noted)).map_err(blind)
}

async fn leave_quietly<S>(mut wire: Wire<S>, teller: &Teller)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let _either_way =
        timeout(teller.limits.quit.min(Duration::from_secs(1)), wire.say("QUIT")).await;
}

/// The lines of the wanted reply, or how it differs.
fn expect(said: Result<Said, Code>, wanted: u16) -> Ended<Vec<String>> {
    let Said { reply, lines } = said?;
    let code = (reply.code != wanted).then(|| refusal(&reply));
    let noted = Noted { code, smtp: Some(reply), ..Noted::default() };
    if code.is_none() { Ok((lines, noted)) } else { Err(Box::new(noted)) }
}

/// RFC 5321 §4.2.1; 421 is special (§3.8).
fn refusal(reply: &Reply) -> Code {
    match reply.code {
        421 => Code::ReplyClosing,
        400..=499 => Code::ReplyBusy,
        500..=599 => Code::ReplyRejected,
        _ => Code::ReplyMalformed,
    }
}
