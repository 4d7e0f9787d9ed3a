//! Times as zip files store them and as people read them.

/// The start of DOS time, 1980-01-01, in days since 1970.
const DOS_EPOCH_DAYS: i64 = 3652;
/// The last day of DOS time, 2107-12-31, in days since 1970.
const DOS_LAST_DAY: i64 = 50_402;

/// Converts milliseconds since 1970, in local time, to DOS date and time, with a resolution of two seconds, clamped to 1980 to 2107.
pub fn dos_date_time(modified_ms: f64) -> (u16, u16) {
    // The cast saturates and turns NaN into 0.
    let seconds = (modified_ms / 1000.0).floor() as i64;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (days, second) = match days {
        ..DOS_EPOCH_DAYS => (DOS_EPOCH_DAYS, 0),
        DOS_EPOCH_DAYS..=DOS_LAST_DAY => (days, second),
        _ => (DOS_LAST_DAY, 86_399),
    };
    let (year, month, day) = civil(days);
    let date = (year - 1980) << 9 | month << 5 | day;
    let time = (second / 3600) << 11 | (second / 60 % 60) << 5 | (second % 60 / 2);
    // Both fit: the year is below 2108, the hour below 24.
    (date as u16, time as u16)
}

/// Converts milliseconds since 1970 to seconds; `None` before 1970 or beyond a signed 32-bit integer.
pub fn unix_seconds(modified_ms: f64) -> Option<u32> {
    let seconds = (modified_ms / 1000.0).floor();
    (seconds >= 0.0 && seconds <= f64::from(i32::MAX)).then_some(seconds as u32)
}

/// Formats milliseconds since 1970 for people: `2024-02-29 13:37 UTC`.
pub fn utc_text(time_ms: f64) -> String {
    // The cast saturates and turns NaN into 0.
    let seconds = ((time_ms / 1000.0).floor() as i64).clamp(0, 253_402_300_799);
    let (year, month, day) = civil(seconds / 86_400);
    let second = seconds % 86_400;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", second / 3600, second / 60 % 60)
}

/// Converts days since 1970 to year, month and day.
///
/// Source: `civil_from_days` in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", where years begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
