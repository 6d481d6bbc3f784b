//! The dialogue's wire: replies in, commands out, over any stream, within the limits.

pub mod reply;

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::network::{Code, Reply};
use crate::probe::limits::Size;
use reply::{Parsed, parse, reported};

/// A reply with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// As it is reported.
    pub reply: Reply,
    /// The text of each line, uncut.
    pub lines: Vec<String>,
}

/// A stream and what was read from it beyond the last reply.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    unread: Vec<u8>,
    size: Size,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Over this stream.
    pub fn new(stream: S, size: Size) -> Wire<S> {
        Wire { stream, unread: Vec::new(), size }
    }

    /// The next reply. Cancelling keeps what has arrived.
    ///
    /// # Errors
    /// The code of what came instead.
    pub async fn reply(&mut self) -> Result<Said, Code> {
        loop {
            match parse(&self.unread, &self.size) {
                Parsed::Wrong(code) => return Err(code),
                Parsed::Complete { code, lines, used } => {
                    self.unread.drain(..used);
                    return Ok(Said { reply: reported(code, &lines), lines });
                }
                Parsed::Incomplete => self.read().await?,
            }
        }
    }

    async fn read(&mut self) -> Result<(), Code> {
        let mut chunk = [0; 2048];
        match self.stream.read(&mut chunk).await {
            Ok(0) => Err(Code::ReplyClosed),
            Ok(count) => {
                self.unread.extend(chunk.iter().take(count));
                Ok(())
            }
            Err(error) => Err(broken(&error)),
        }
    }

    /// Sends one command line.
    ///
    /// # Errors
    /// The code of how the connection broke.
    pub async fn say(&mut self, command: &str) -> Result<(), Code> {
        let line = format!("{command}\r\n");
        let sent = self.stream.write_all(line.as_bytes()).await;
        sent.map_err(|error| broken(&error))?;
        self.stream.flush().await.map_err(|error| broken(&error))
    }

    /// Whether something came that nobody asked for.
    #[must_use]
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// The stream, for the handshake. What is unread is lost, see [`Wire::has_unread`].
    #[must_use]
    pub fn into_stream(self) -> S {
        self.stream
    }
}

fn broken(error: &io::Error) -> Code {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => Code::ReplyClosed,
        io::ErrorKind::InvalidData => Code::ReplyMalformed,
        _ => Code::ReplyReset,
    }
}
