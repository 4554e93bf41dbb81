//! Numbers out of the tables of a page, as a reader finds them.

/// A cell: below which heading, in whose row, and in which column, all as far as they are given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) heading: &'static str,
    pub(super) row: &'static str,
    pub(super) column: &'static str,
    /// Which of the numbers in it that ` / ` separates.
    pub(super) part: usize,
}

/// The number in a cell of the page, if there is one.
pub(super) fn number(page: &str, cell: Cell) -> Option<f64> {
    let section = section(page, cell.heading)?;
    let tables = section.split("\n\n").filter(|block| block.starts_with('|'));
    let found = tables.filter_map(|table| {
        let mut lines = table.lines().map(cells);
        let column = lines.next()?.iter().position(|title| title.starts_with(cell.column))?;
        let row = lines.find(|cells| cells.first().is_some_and(|name| name.starts_with(cell.row)))?;
        row.get(column).copied().map(str::to_owned)
    });
    // The first table that has both.
    found.into_iter().next().and_then(|text| parsed(text.split(" / ").nth(cell.part)?))
}

/// What stands below a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let start = page.find(&format!("\n{heading}"))? + 1;
    let below = &page[start + page[start..].find('\n')?..];
    let end = ["\n# ", "\n## ", "\n### "].iter().filter_map(|next| below.find(next)).min();
    Some(&below[..end.unwrap_or(below.len())])
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split(" | ").map(str::trim).collect()
}

/// A number as this benchmark writes it: `5.46`, `25.6 k`, `1.49 kB`, `0.35 s`.
fn parsed(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let scale = match unit {
        "" | "B" | "s" => 1.0,
        "k" | "kB" => 1e3,
        "M" | "MB" => 1e6,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n## Memory\n\nOf 15 000.\n\n| server | a connection | before |\n| --- | --: | --: |\n\
                        | floor | 121 B | 2 MB |\n| **ours** | 1.49 kB | 5 MB |\n\n### More\n\n| layer | 1 | 8 |\n\
                        | --- | --: | --: |\n| ours | 1.5 / 2 / – | 3 / 4 / 5 |\n";

    fn of(heading: &'static str, row: &'static str, column: &'static str, part: usize) -> Option<f64> {
        number(PAGE, Cell { heading, row, column, part })
    }

    #[test]
    fn a_number_is_found_by_its_row_and_column() {
        assert_eq!(of("## Memory", "**ours**", "a connection", 0), Some(1490.0));
        assert_eq!(of("### More", "ours", "8", 1), Some(4.0));
        assert_eq!(of("### More", "ours", "1", 0), Some(1.5));
    }

    #[test]
    fn what_is_not_there_is_none() {
        assert_eq!(of("## Storm", "**ours**", "a connection", 0), None);
        assert_eq!(of("## Memory", "uws", "a connection", 0), None);
        assert_eq!(of("## Memory", "**ours**", "8", 0), None, "the next section's table is not this one's");
        assert_eq!(of("### More", "ours", "1", 2), None, "a dash");
    }

    #[test]
    fn units_are_read() {
        let read = ["5.46", "25.6 k", "2.10 M", "0.35 s", "98 B", "–", "12 ms"].map(parsed);
        let numbers = [Some(5.46), Some(25_600.0), Some(2_100_000.0), Some(0.35), Some(98.0), None, None];
        for (read, number) in read.into_iter().zip(numbers) {
            assert_eq!(read.is_some(), number.is_some());
            assert!(read.zip(number).is_none_or(|(read, number)| (read - number).abs() < 1e-6));
        }
    }
}
