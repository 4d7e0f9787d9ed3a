//! Dates and times as EXIF (`2024:05:03 14:22:05`) and XMP (`2024-05-03T14:22:05.12+02:00`) write them.

/// A day in milliseconds.
const DAY_MS: f64 = 86_400_000.0;

/// A date and time as in ISO 8601, to the second at least; `None` if the text is neither an EXIF nor an ISO date, or if it is
/// none that a clock shows. The time of day may be cut off after minutes. A fraction of a second and an offset from UTC stay.
pub(super) fn normalised(text: &str) -> Option<String> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
    let (date, time) = (text.get(..10)?, text.get(11..)?);
    if !matches!(text.as_bytes()[10], b' ' | b'T') {
        return None;
    }
    let [year, month, day] = numbers(date, &[':', '-'])?;
    let clock_end = time.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(time.len());
    let (clock, rest) = time.split_at(clock_end);
    let [hour, minute, second] = numbers(clock, &[':']).or_else(|| {
        let [hour, minute] = numbers(clock, &[':'])?;
        Some([hour, minute, 0])
    })?;
    let is_date = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let fraction_end = match rest.strip_prefix('.') {
        Some(digits) => 1 + digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len()),
        None => 0,
    };
    let (fraction, offset) = rest.split_at(fraction_end);
    let mut normalised = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if (2..=10).contains(&fraction.len()) {
        normalised += fraction;
    }
    if is_offset(offset) {
        normalised += offset;
    }
    Some(normalised)
}

/// Whether a text is an offset from UTC: `Z`, `+02:00`.
pub(super) fn is_offset(text: &str) -> bool {
    let digits = |range| text.get(range).is_some_and(|digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()));
    text == "Z"
        || text.len() == 6 && text.starts_with(['+', '-']) && digits(1..3) && text.as_bytes()[3] == b':' && digits(4..6)
}

/// The milliseconds since 1970 at which a clock in UTC shows the date and time of a normalised text; its offset is ignored.
/// Source of the days: Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013.
pub fn wall_clock_ms(normalised: &str) -> Option<f64> {
    let [year, month, day] = numbers(normalised.get(..10)?, &['-'])?;
    let [hour, minute, second] = numbers(normalised.get(11..19)?, &[':'])?;
    let digits = normalised.get(19..)?.strip_prefix('.').unwrap_or_default();
    let digits = &digits[..digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len())];
    let fraction = if digits.is_empty() { 0.0 } else { format!("0.{digits}").parse().unwrap_or(0.0) };
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let days = era * 146_097 + 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    let seconds = f64::from(3600 * hour + 60 * minute + second) + fraction;
    Some(days as f64 * DAY_MS + (1000.0 * seconds).round())
}

/// The decimal numbers of a text that has exactly `N` of them, separated by one of these characters.
fn numbers<const N: usize>(text: &str, separators: &[char]) -> Option<[u32; N]> {
    let parts: Vec<u32> = text
        .split(separators)
        .map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten())
        .collect::<Option<_>>()?;
    parts.try_into().ok()
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
