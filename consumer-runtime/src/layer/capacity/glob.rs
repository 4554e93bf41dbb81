//! Patterns as Python's `fnmatch.translate` reads them.

/// What one character may be, or any number of any characters.
#[derive(Clone, Debug)]
enum Part {
    One(char),
    Any,
    Many,
    Set { ranges: Vec<(char, char)>, negated: bool },
}

/// A pattern that fits whole names.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    text: String,
    parts: Vec<Part>,
}

impl Glob {
    pub(super) fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let (mut parts, mut at) = (Vec::new(), 0);
        while let Some(&character) = characters.get(at) {
            at += 1;
            parts.push(match character {
                '*' => Part::Many,
                '?' => Part::Any,
                '[' => match set(&characters[at..]) {
                    Some((set, len)) => {
                        at += len;
                        set
                    }
                    None => Part::One('['),
                },
                other => Part::One(other),
            });
        }
        Self { text: text.to_owned(), parts }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut part, mut at) = (0, 0);
        // Where the last `*` stood, and how far it has reached: only the last one is ever tried again.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (self.parts.get(part), name.get(at)) {
                (None, None) => return true,
                (Some(Part::Many), _) => {
                    retry = Some((part, at));
                    part += 1;
                    continue;
                }
                (Some(wanted), Some(&character)) if wanted.fits(character) => {
                    (part, at) = (part + 1, at + 1);
                    continue;
                }
                _ => {}
            }
            let Some((star, reached)) = retry.filter(|(_, reached)| *reached < name.len()) else { return false };
            retry = Some((star, reached + 1));
            (part, at) = (star + 1, reached + 1);
        }
    }
}

impl Part {
    fn fits(&self, character: char) -> bool {
        match self {
            Self::One(one) => *one == character,
            Self::Any | Self::Many => true,
            Self::Set { ranges, negated } => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *negated
            }
        }
    }
}

/// The set behind a `[`, and how many characters it takes with its `]`; without one it is none.
fn set(rest: &[char]) -> Option<(Part, usize)> {
    let negated = rest.first() == Some(&'!');
    let from = usize::from(negated);
    // A `]` in the first place is a member.
    let end = (from + 1..rest.len()).find(|at| rest[*at] == ']')?;
    let (members, mut ranges, mut at) = (&rest[from..end], Vec::new(), 0);
    while let Some(&first) = members.get(at) {
        match members.get(at + 1..at + 3) {
            // One that ends before it begins has nothing in it.
            Some(&['-', last]) => {
                ranges.push((first, last));
                at += 3;
            }
            _ => {
                ranges.push((first, first));
                at += 1;
            }
        }
    }
    Some((Part::Set { ranges, negated }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Python says: `re.compile(fnmatch.translate(pattern)).match(name)`, 3.11.
    const PYTHON: &[(&str, &[&str], &[&str])] = &[
        ("http.request", &["http.request"], &["http.requests", "xhttp.request", "httpxrequest"]),
        ("*", &["", "a", "a!b"], &[]),
        ("a*c*e", &["ace", "abcde", "aceee", "accce"], &["ac", "aced", "bace"]),
        ("a?c", &["abc", "a!c"], &["ac", "abbc"]),
        ("a[bc]d", &["abd", "acd"], &["aed", "ad", "abcd"]),
        ("a[!bc]d", &["aed", "a!d"], &["abd", "acd", "ad"]),
        ("a[b-d]", &["ab", "ac", "ad"], &["ae", "a-"]),
        ("a[d-b]", &[], &["ab", "ac", "ad", "a-"]),
        ("a[!d-b]", &["ab", "a-"], &["a"]),
        ("a[b-d-f]", &["ab", "ac", "a-", "af"], &["ae"]),
        ("a[-b]", &["a-", "ab"], &["aa"]),
        ("a[b-]", &["a-", "ab"], &["aa"]),
        ("a[]b]", &["ab", "a]"], &["a[]b]", "a"]),
        ("a[!]b]", &["ac"], &["ab", "a]"]),
        ("a[^b]", &["ab", "a^"], &["ac"]),
        ("a[b", &["a[b"], &["ab"]),
        ("a[]", &["a[]"], &["a"]),
        ("a[!]", &["a[!]"], &["ab"]),
        ("a.b\\c", &["a.b\\c"], &["axb\\c"]),
    ];

    #[test]
    fn as_python_reads_it() {
        for (pattern, fitting, others) in PYTHON {
            let glob = Glob::new(pattern);
            fitting.iter().for_each(|name| assert!(glob.fits(name), "{pattern} {name}"));
            others.iter().for_each(|name| assert!(!glob.fits(name), "{pattern} {name}"));
        }
    }
}
