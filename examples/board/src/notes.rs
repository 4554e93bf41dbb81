//! The boards themselves: notes, people and what happened, which know nothing of sockets.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use consumer_runtime::ReplyError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most notes on a board.
const MAX_NOTES: usize = 60;

/// The longest text of a note, in characters.
const MAX_TEXT: usize = 200;

/// How much of what happened a board remembers.
const REMEMBERED: usize = 500;

/// A piece of paper.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Note {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) colour: Colour,
    /// From the left edge, in thousandths of the board's width.
    pub(crate) x: u16,
    /// From the top, in thousandths of the board's height.
    pub(crate) y: u16,
    /// The name of whoever wrote it.
    pub(crate) author: String,
}

/// The colour of a note.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Colour {
    Yellow,
    Green,
    Blue,
    Pink,
}

/// Somebody who looks at a board.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Person {
    pub(crate) id: u32,
    pub(crate) name: String,
}

/// Something that happened on a board.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Entry {
    /// Counts up from 1.
    pub(crate) number: u32,
    pub(crate) who: String,
    /// As in `added "milk"`.
    pub(crate) what: String,
}

/// Why something can't be done to a note.
#[derive(Debug, ReplyError)]
pub(crate) enum NoteError {
    /// The text has no letter in it.
    #[reply("empty", "a note has a text")]
    Empty,
    /// The text is longer than a note has room for.
    #[reply("too_long", "a note has room for {max} characters")]
    TooLong { max: usize },
    /// The board has as many notes as it may have.
    #[reply("full", "the board has its {max} notes; remove one")]
    Full { max: usize },
    /// Somebody has removed it.
    #[reply("gone", "somebody has removed this note")]
    Gone,
}

/// All boards of a process.
#[derive(Clone, Default)]
pub(crate) struct Boards(Arc<Mutex<HashMap<String, Board>>>);

#[derive(Default)]
struct Board {
    notes: BTreeMap<u32, Note>,
    people: BTreeMap<u32, Person>,
    entries: Vec<Entry>,
    happened: u32,
    last: u32,
}

impl Boards {
    /// Somebody looks at the board, from now on.
    pub(crate) fn come(&self, board: &str, name: &str) -> Person {
        self.with(board, |board| {
            let person = Person { id: board.next(), name: name.to_owned() };
            board.people.insert(person.id, person.clone());
            person
        })
    }

    /// Somebody leaves; a board with nobody at it and nothing on it is forgotten.
    pub(crate) fn leave(&self, board: &str, person: &Person) {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = boards.get_mut(board) else { return };
        left.people.remove(&person.id);
        if left.people.is_empty() && left.notes.is_empty() {
            boards.remove(board);
        }
    }

    pub(crate) fn people(&self, board: &str) -> Vec<Person> {
        self.look(board, |board| board.people.values().cloned().collect())
    }

    pub(crate) fn notes(&self, board: &str) -> Vec<Note> {
        self.look(board, |board| board.notes.values().cloned().collect())
    }

    pub(crate) fn add(&self, board: &str, mut note: Note) -> Result<Note, NoteError> {
        note.text = note.text.trim().to_owned();
        match note.text.chars().count() {
            0 => return Err(NoteError::Empty),
            length if length > MAX_TEXT => return Err(NoteError::TooLong { max: MAX_TEXT }),
            _ => {}
        }
        self.with(board, |board| {
            if board.notes.len() >= MAX_NOTES {
                return Err(NoteError::Full { max: MAX_NOTES });
            }
            note.id = board.next();
            board.notes.insert(note.id, note.clone());
            board.remember(&note.author, format!("wrote “{}”", note.text));
            Ok(note)
        })
    }

    pub(crate) fn move_to(&self, board: &str, id: u32, x: u16, y: u16) -> Result<(), NoteError> {
        self.with(board, |board| {
            let note = board.notes.get_mut(&id).ok_or(NoteError::Gone)?;
            (note.x, note.y) = (x.min(1000), y.min(1000));
            Ok(())
        })
    }

    pub(crate) fn remove(&self, board: &str, id: u32, who: &str) -> Result<(), NoteError> {
        self.with(board, |board| {
            let note = board.notes.remove(&id).ok_or(NoteError::Gone)?;
            board.remember(who, format!("took down “{}”", note.text));
            Ok(())
        })
    }

    /// Takes all notes down, and says how many there were.
    pub(crate) fn clear(&self, board: &str, who: &str) -> usize {
        self.with(board, |board| {
            let count = std::mem::take(&mut board.notes).len();
            board.remember(who, format!("cleared the board of {count} notes"));
            count
        })
    }

    /// The newest entries before one, newest first, and whether there are more.
    pub(crate) fn history(&self, board: &str, before: Option<u32>, limit: usize) -> (Vec<Entry>, bool) {
        self.look(board, |board| {
            let older = board.entries.iter().rev().filter(|entry| before.is_none_or(|before| entry.number < before));
            let mut entries: Vec<_> = older.take(limit + 1).cloned().collect();
            let more = entries.len() > limit;
            entries.truncate(limit);
            (entries, more)
        })
    }

    /// Of a board that is not there, nothing.
    fn look<T: Default>(&self, board: &str, read: impl FnOnce(&Board) -> T) -> T {
        let boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        boards.get(board).map(read).unwrap_or_default()
    }

    fn with<T>(&self, board: &str, work: impl FnOnce(&mut Board) -> T) -> T {
        let mut boards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(boards.entry(board.to_owned()).or_default())
    }
}

impl Board {
    fn next(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    fn remember(&mut self, who: &str, what: String) {
        self.happened += 1;
        self.entries.push(Entry { number: self.happened, who: who.to_owned(), what });
        if self.entries.len() > REMEMBERED {
            self.entries.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_with_nobody_at_it_and_nothing_on_it_is_forgotten() {
        let boards = Boards::default();
        let ann = boards.come("main", "Ann");
        let note = Note { id: 0, text: "milk".into(), colour: Colour::Blue, x: 1, y: 1, author: "Ann".into() };
        let note = boards.add("main", note).unwrap();
        boards.leave("main", &ann);
        assert_eq!(boards.notes("main").len(), 1, "a note keeps it");
        boards.remove("main", note.id, "Ann").unwrap();
        let ben = boards.come("main", "Ben");
        boards.leave("main", &ben);
        assert_eq!((boards.people("main").len(), boards.history("main", None, 9).0.len()), (0, 0));
        assert!(boards.0.lock().unwrap().is_empty());
    }
}
