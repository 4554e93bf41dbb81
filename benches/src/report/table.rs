//! Tables in Markdown.

/// A table with a heading row; the first column is text, all others are numbers.
pub(crate) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rule = (0..head.len()).map(|column| if column == 0 { "---" } else { "--:" });
    let mut text = row(head.iter().copied()) + &row(rule);
    for cells in rows {
        text += &row(cells.iter().map(String::as_str));
    }
    text
}

/// A table whose columns are all text.
pub(crate) fn text_table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    table(head, rows).replace("--:", "---")
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_rule() {
        let text = table(&["server", "µs"], [vec!["floor".into(), "4.47".into()]]);
        assert_eq!(text, "| server | µs |\n| --- | --: |\n| floor | 4.47 |\n");
    }
}
