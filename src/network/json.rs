//! JSON as reports use it (RFC 8259): read by hand, because a serialiser weighs more in the app than
//! all that it would read. Numbers are whole; nothing in a report has a fraction.

use std::fmt::Write;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number that is not whole, or too large: no report has one.
    Fraction,
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order of writing.
    Map(Vec<(String, Json)>),
}

/// Arrays and objects within each other; a report has seven.
const DEEPEST: usize = 32;

impl Json {
    /// Reads a text that is one value; nothing if it is not, or nested without end.
    ///
    /// ```
    /// use outbox_doctor::network::json::Json;
    /// let read = Json::parse(r#"{"ms": 12, "text": "caf\u00e9"}"#).unwrap();
    /// assert_eq!(read.get("ms"), Some(&Json::Number(12)));
    /// assert_eq!(read.get("text").and_then(Json::text), Some("café"));
    /// assert_eq!(Json::parse("{"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEEPEST)?;
        reader.blank();
        (reader.at == text.len()).then_some(value)
    }

    /// The value of a key of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// A string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An array.
    #[must_use]
    pub fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// A whole number within the range of a type.
    #[must_use]
    pub fn number<N: TryFrom<i64>>(&self) -> Option<N> {
        match self {
            Json::Number(number) => N::try_from(*number).ok(),
            _ => None,
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        match self {
            Json::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Writes the value, without blanks.
    pub fn write(&self, to: &mut String) {
        match self {
            Json::Null | Json::Fraction => to.push_str("null"),
            Json::Flag(true) => to.push_str("true"),
            Json::Flag(false) => to.push_str("false"),
            Json::Number(number) => to.push_str(&number.to_string()),
            Json::Text(text) => quote(text, to),
            Json::List(items) => {
                let mut between = '[';
                for item in items {
                    to.push(between);
                    item.write(to);
                    between = ',';
                }
                to.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Json::Map(pairs) => {
                let mut between = '{';
                for (key, value) in pairs {
                    to.push(between);
                    quote(key, to);
                    to.push(':');
                    value.write(to);
                    between = ',';
                }
                to.push_str(if pairs.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

fn quote(text: &str, to: &mut String) {
    to.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => to.extend(['\\', letter]),
            letter if letter < ' ' => {
                let _infallible = write!(to, "\\u{:04x}", u32::from(letter));
            }
            letter => to.push(letter),
        }
    }
    to.push('"');
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        (self.peek() == Some(wanted)).then(|| self.at += 1)
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blank();
        match self.peek()? {
            b'{' => self.map(depth.checked_sub(1)?),
            b'[' => self.items(depth.checked_sub(1)?),
            b'"' => self.string().map(Json::Text),
            b't' => self.word("true", Json::Flag(true)),
            b'f' => self.word("false", Json::Flag(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn map(&mut self, depth: usize) -> Option<Json> {
        self.eat(b'{')?;
        let mut pairs = Vec::new();
        self.blank();
        if self.eat(b'}').is_some() {
            return Some(Json::Map(pairs));
        }
        loop {
            self.blank();
            let key = self.string()?;
            self.blank();
            self.eat(b':')?;
            pairs.push((key, self.value(depth)?));
            self.blank();
            if self.eat(b',').is_none() {
                return self.eat(b'}').map(|()| Json::Map(pairs));
            }
        }
    }

    fn items(&mut self, depth: usize) -> Option<Json> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        self.blank();
        if self.eat(b']').is_some() {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.blank();
            if self.eat(b',').is_none() {
                return self.eat(b']').map(|()| Json::List(items));
            }
        }
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - from
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Option<Json> {
        let from = self.at;
        let _sign = self.eat(b'-');
        let first = self.peek();
        let digits = self.digits();
        if digits == 0 || (digits > 1 && first == Some(b'0')) {
            return None;
        }
        let whole = self.text.get(from..self.at)?.parse().ok();
        let fraction = self.eat(b'.').is_some();
        if fraction && self.digits() == 0 {
            return None;
        }
        let power = self.eat(b'e').or_else(|| self.eat(b'E')).is_some();
        if power {
            let _sign = self.eat(b'+').or_else(|| self.eat(b'-'));
            if self.digits() == 0 {
                return None;
            }
        }
        let whole = whole.filter(|_| !fraction && !power);
        Some(whole.map_or(Json::Fraction, Json::Number))
    }

    /// RFC 8259 §7.
    fn string(&mut self) -> Option<String> {
        self.eat(b'"')?;
        let mut read = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let end = rest.find(|it: char| it == '"' || it == '\\' || it < ' ')?;
            read.push_str(rest.get(..end)?);
            self.at += end;
            if self.eat(b'"').is_some() {
                return Some(read);
            }
            self.eat(b'\\')?;
            let escaped = self.peek()?;
            self.at += 1;
            read.push(match escaped {
                b'"' | b'\\' | b'/' => char::from(escaped),
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.escaped()?,
                _ => return None,
            });
        }
    }

    /// One unit, or two that make up one character beyond the first plane.
    fn escaped(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.eat(b'\\')?;
        self.eat(b'u')?;
        let second = self.unit()?.checked_sub(0xdc00).filter(|it| *it < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
    }

    fn unit(&mut self) -> Option<u32> {
        let four = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        four.bytes()
            .all(|it| it.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(four, 16).ok())
            .flatten()
    }
}
