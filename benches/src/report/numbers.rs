//! Numbers as people read them.

/// A number with three digits that count, as in `1.83 M` or `222 k`.
pub(crate) fn count(value: f64) -> String {
    match value {
        value if value >= 999_500.0 => format!("{} M", digits(value / 1e6)),
        value if value >= 9_995.0 => format!("{} k", digits(value / 1e3)),
        value => format!("{value:.0}"),
    }
}

/// A size in bytes, as in `936 B` or `138 kB`.
pub(crate) fn bytes(value: f64) -> String {
    match value {
        value if value.abs() >= 999_500.0 => format!("{} MB", digits(value / 1e6)),
        value if value.abs() >= 999.5 => format!("{} kB", digits(value / 1e3)),
        value => format!("{value:.0} B"),
    }
}

/// Three digits that count, and no more than two behind the point; three for what is less than a tenth.
pub(crate) fn digits(value: f64) -> String {
    match value.abs() {
        size if size > 0.0 && size < 0.0995 => format!("{value:.3}"),
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// The text of a number, or a dash.
pub(crate) fn or_dash(value: Option<f64>, text: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".into(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([221_833.0, 1_834_000.0, 3_645.0, 999_600.0].map(count), ["222 k", "1.83 M", "3645", "1.00 M"]);
        assert_eq!([98.0, 936.0, 1_288.0, 137_923.0].map(bytes), ["98 B", "936 B", "1.29 kB", "138 kB"]);
        assert_eq!([0.004, 0.97, 9.996, 72.4, 318.2].map(digits), ["0.004", "0.97", "10.0", "72.4", "318"]);
        assert_eq!(or_dash(None, digits), "–");
    }
}
