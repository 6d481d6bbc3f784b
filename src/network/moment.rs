//! Points in time as data: seconds since 1970, written as RFC 3339 in UTC.

use std::fmt;

/// A second on the clock of whoever wrote it.
///
/// ```
/// use outbox_doctor::network::Moment;
/// assert_eq!(Moment(1_795_536_000).to_string(), "2026-11-24T16:00:00Z");
/// assert_eq!(Moment::parse("2026-11-24T16:00:00Z"), Some(Moment(1_795_536_000)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

const DAY: i64 = 86_400;

/// Years 1 to 9999: all that RFC 3339 can write.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

impl Moment {
    /// Reads `2026-11-24T18:40:00Z`; nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Moment> {
        let shape = |at: usize, it: u8| match at {
            4 | 7 => it == b'-',
            10 => it == b'T',
            13 | 16 => it == b':',
            19 => it == b'Z',
            _ => it.is_ascii_digit(),
        };
        let fits = text.len() == 20 && text.bytes().enumerate().all(|(at, it)| shape(at, it));
        if !fits {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
        let moment = Moment(seconds);
        (RANGE.contains(&seconds) && moment.to_string() == text).then_some(moment)
    }

    /// Seconds from another moment to this one.
    #[must_use]
    pub fn since(self, other: Moment) -> i64 {
        self.0.saturating_sub(other.0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.clamp(*RANGE.start(), *RANGE.end());
        let (year, month, day) = date(seconds.div_euclid(DAY));
        let rest = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        write!(to, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (H. Hinnant, "chrono-compatible
/// low-level date algorithms", `days_from_civil`).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse: `civil_from_days`.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)] // for the document of the API
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
        })
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Moment, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
        let wrong = || serde::de::Error::custom("a time is written as `2026-11-24T18:40:00Z`");
        Moment::parse(&text).ok_or_else(wrong)
    }
}
