//! The page out of its two halves, of which one may be as it was: what was measured in one process, and what between
//! processes.

use super::layers::HEADING;

/// Before which section the second half stands.
const BEFORE: [&str; 2] = ["## Left out", "## The machine"];

/// The page; a half that was not measured is taken from the old page.
pub(super) fn joined(engine: Option<&str>, across: Option<&str>, old: &str) -> String {
    let (old_engine, old_across) = parted(old);
    let engine = engine.map_or(old_engine, str::to_owned);
    let Some(across) = across.map(str::to_owned).or(old_across) else { return engine };
    let sections = sections(&engine);
    let at = sections.iter().position(|section| BEFORE.iter().any(|heading| section.starts_with(heading)));
    let (before, after) = sections.split_at(at.unwrap_or(sections.len()));
    let mut halves = vec![before.concat(), across, after.concat()];
    halves.retain(|half| !half.is_empty());
    let halves: Vec<_> = halves.iter().map(|half| half.trim_end_matches('\n')).collect();
    halves.join("\n\n") + "\n"
}

/// The page with each of these sections, anew or as it was, before what closes the page.
pub(super) fn with_kept<'a>(
    page: &str,
    old: &str,
    new: impl Iterator<Item = (&'static str, &'a Option<String>)>,
) -> String {
    let new: Vec<_> = new.collect();
    let is = |section: &str, heading: &str| section.lines().next() == Some(heading);
    let mut parts: Vec<String> = sections(page).into_iter().map(str::to_owned).collect();
    parts.retain(|section| !new.iter().any(|(heading, _)| is(section, heading)));
    for (heading, text) in new {
        let as_it_was = || sections(old).into_iter().find(|section| is(section, heading)).map(str::to_owned);
        let Some(section) = text.clone().or_else(as_it_was) else { continue };
        let at = parts.iter().position(|part| BEFORE.iter().any(|before| part.starts_with(before)));
        parts.insert(at.unwrap_or(parts.len()), section);
    }
    let parts: Vec<_> = parts.iter().map(|part| part.trim_end_matches('\n')).collect();
    parts.join("\n\n") + "\n"
}

/// A page without its second half, and that.
fn parted(page: &str) -> (String, Option<String>) {
    let (across, engine): (Vec<_>, Vec<_>) =
        sections(page).into_iter().partition(|section| section.starts_with(HEADING));
    (engine.concat(), (!across.is_empty()).then(|| across.concat()))
}

/// A page cut before each heading of the second level.
fn sections(page: &str) -> Vec<&str> {
    let mut starts: Vec<_> = page.match_indices("\n## ").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([page.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &page[start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGINE: &str = "# Page\n\nhead\n\n## Memory\n\n12\n\n## The machine\n\nbig\n";

    #[test]
    fn the_second_half_stands_before_the_machine() {
        let across = format!("{HEADING}\n\nnew\n");
        let page = joined(Some(ENGINE), Some(&across), "");
        let expected = format!("# Page\n\nhead\n\n## Memory\n\n12\n\n{HEADING}\n\nnew\n\n## The machine\n\nbig\n");
        assert_eq!(page, expected);
        assert_eq!(joined(None, Some(&across), &page), page, "again is the same");
    }

    #[test]
    fn a_section_is_kept_or_replaced_and_stands_before_the_machine() {
        let (soak, none) = (Some("## Soak\n\nflat\n".to_owned()), None);
        let page = with_kept(ENGINE, "", [("## Restart", &none), ("## Soak", &soak)].into_iter());
        assert_eq!(page, ENGINE.replace("## The machine", "## Soak\n\nflat\n\n## The machine"));
        let again = with_kept(ENGINE, &page, [("## Restart", &none), ("## Soak", &none)].into_iter());
        assert_eq!(again, page, "what was not measured anew stays");
        let new = Some("## Soak\n\nsteep\n".to_owned());
        assert_eq!(with_kept(&page, &page, [("## Soak", &new)].into_iter()), page.replace("flat", "steep"));
    }

    #[test]
    fn a_half_that_was_not_measured_stays() {
        let page = joined(Some(ENGINE), Some(&format!("{HEADING}\n\nold\n")), "");
        let new = joined(Some(&ENGINE.replace("12", "13")), None, &page);
        assert!(new.contains("\n13\n") && !new.contains("\n12\n") && new.contains("\nold\n"));
        let new = joined(None, Some(&format!("{HEADING}\n\nnew\n")), &page);
        assert!(new.contains("\n12\n") && new.contains("\nnew\n") && !new.contains("\nold\n"));
        assert_eq!(joined(Some(ENGINE), None, ""), ENGINE);
    }
}
