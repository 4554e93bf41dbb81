//! A shared board: notes that everybody moves about, who is there, who is writing, and what happened before.
//!
//! The page is written on the client that is generated from the declarations here, `page/client.js`.

mod notes;
mod page;

use std::time::Duration;

use axum::{
    Router,
    extract::{Query, State},
};
use consumer_runtime::{prelude::*, schema::Declarations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use notes::{Boards, Colour, Entry, Note, NoteError, Person};

/// The most entries in one answer.
const PAGE: u32 = 50;

/// How long a page may think about a question.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who comes, in the address: `?name=Ann`.
#[derive(Clone, Default, Deserialize)]
struct Visitor {
    #[serde(default)]
    name: String,
}

/// The board as it is.
#[derive(Serialize, JsonSchema)]
struct Snapshot {
    me: Person,
    notes: Vec<Note>,
    people: Vec<Person>,
}

/// A note to be written.
#[derive(Deserialize, JsonSchema)]
struct Draft {
    text: String,
    colour: Colour,
    x: u16,
    y: u16,
}

/// Where a note goes.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct Place {
    /// Its number; `id` is the frame's own word.
    note: u32,
    x: u16,
    y: u16,
}

/// A note.
#[derive(Deserialize, JsonSchema)]
struct Which {
    note: u32,
}

/// A page of what happened.
#[derive(Deserialize, JsonSchema)]
struct HistoryQuery {
    /// The number of the oldest entry that is known already.
    #[serde(default)]
    before: Option<u32>,
    limit: u32,
}

/// What happened, newest first.
#[derive(Serialize, JsonSchema)]
struct History {
    entries: Vec<Entry>,
    more: bool,
}

/// Somebody wrote a note.
#[event("note.added")]
#[derive(JsonSchema)]
struct NoteAdded {
    note: Note,
    /// The person, who knows it already.
    by: u32,
}

/// Somebody moved a note.
#[event("note.moved")]
#[derive(JsonSchema)]
struct NoteMoved {
    place: Place,
    by: u32,
}

/// Somebody took a note down.
#[event("note.removed")]
#[derive(JsonSchema)]
struct NoteRemoved {
    note: u32,
    by: u32,
}

/// Somebody took all notes down.
#[event("board.cleared")]
#[derive(JsonSchema)]
struct BoardCleared {
    by: Person,
}

/// Who looks at the board now.
#[event("people.changed")]
#[derive(JsonSchema)]
struct PeopleChanged {
    people: Vec<Person>,
}

/// Somebody is writing.
#[event("person.writing")]
#[derive(JsonSchema)]
struct PersonWriting {
    person: Person,
}

/// Is it really to be done?
#[event("board.confirm", answer = bool)]
#[derive(JsonSchema)]
struct Confirm {
    question: String,
}

/// Everybody at a board.
#[group("board_{board}", events(NoteAdded, NoteMoved, NoteRemoved, BoardCleared, PeopleChanged, PersonWriting))]
struct AtBoard {
    board: String,
}

/// One window at a board.
#[consumer("/ws/board/{board}/", group = AtBoard, sends(Confirm))]
struct BoardConsumer {
    /// The board's name.
    board: String,
    #[extract]
    boards: State<Boards>,
    #[extract]
    visitor: Query<Visitor>,
    me: Option<Person>,
}

#[consumer]
impl BoardConsumer {
    #[connect]
    async fn connect(&mut self, context: &mut Context<Self>) -> Result {
        let name: String = self.visitor.name.trim().chars().take(24).collect();
        self.me = Some(self.boards.come(&self.board, if name.is_empty() { "Somebody" } else { &name }));
        self.tell_people(context).await
    }

    #[disconnect]
    async fn disconnect(&mut self, context: &mut Context<Self>) {
        if let Some(me) = self.me.take() {
            self.boards.leave(&self.board, &me);
            // A layer that is away takes nothing; who comes next tells everybody.
            self.tell_people(context).await.ok();
        }
    }

    /// The board as it is: asked for when the page opens, and whenever it may have missed something.
    #[receive("board.open")]
    async fn open(&mut self, _: ()) -> Result<Snapshot> {
        let (notes, people) = (self.boards.notes(&self.board), self.boards.people(&self.board));
        Ok(Snapshot { me: self.me()?, notes, people })
    }

    /// Writes a note, and answers with it as everybody sees it.
    #[receive("note.add")]
    async fn add(&mut self, draft: Draft, context: &mut Context<Self>) -> Result<Note, NoteError> {
        let me = self.me.clone().unwrap_or(Person { id: 0, name: String::new() });
        let Draft { text, colour, x, y } = draft;
        let note = Note { id: 0, text, colour, x: x.min(1000), y: y.min(1000), author: me.name };
        let note = self.boards.add(&self.board, note)?;
        // The note is on the board, whether the others hear of it now or when they look again.
        context.group().send(NoteAdded { note: note.clone(), by: me.id }).await.ok();
        Ok(note)
    }

    /// Moves a note.
    #[receive("note.move")]
    async fn move_note(&mut self, place: Place, context: &mut Context<Self>) -> Result<(), NoteError> {
        let Place { note, x, y } = place;
        self.boards.move_to(&self.board, note, x, y)?;
        context.group().send(NoteMoved { place, by: self.me.as_ref().map_or(0, |me| me.id) }).await.ok();
        Ok(())
    }

    /// Takes a note down.
    #[receive("note.remove")]
    async fn remove(&mut self, which: Which, context: &mut Context<Self>) -> Result<(), NoteError> {
        let (name, by) = self.me.as_ref().map_or(("", 0), |me| (&me.name, me.id));
        self.boards.remove(&self.board, which.note, name)?;
        context.group().send(NoteRemoved { note: which.note, by }).await.ok();
        Ok(())
    }

    /// Takes all notes down, once the page has said that this is meant; answers how many there were.
    #[receive("board.clear")]
    async fn clear(&mut self, _: (), context: &mut Context<Self>) -> Result<usize> {
        let count = self.boards.notes(&self.board).len();
        let question = Confirm { question: format!("Take all {count} notes down, for everybody?") };
        if !context.ask(&question, PATIENCE).await? {
            return Ok(0);
        }
        let me = self.me()?;
        let count = self.boards.clear(&self.board, &me.name);
        context.group().send(BoardCleared { by: me }).await?;
        Ok(count)
    }

    /// What happened before.
    #[receive("board.history")]
    async fn history(&mut self, query: HistoryQuery) -> History {
        let limit = query.limit.clamp(1, PAGE) as usize;
        let (entries, more) = self.boards.history(&self.board, query.before, limit);
        History { entries, more }
    }

    /// The person of this window is writing.
    #[receive("person.write")]
    async fn writing(&mut self, _: (), context: &mut Context<Self>) -> Result {
        context.group().send(PersonWriting { person: self.me()? }).await
    }

    #[event("note.added")]
    fn note_added(event: &NoteAdded) -> &NoteAdded {
        event
    }

    #[event("note.moved")]
    fn note_moved(event: &NoteMoved) -> &NoteMoved {
        event
    }

    #[event("note.removed")]
    fn note_removed(event: &NoteRemoved) -> &NoteRemoved {
        event
    }

    #[event("board.cleared")]
    fn board_cleared(event: &BoardCleared) -> &BoardCleared {
        event
    }

    #[event("people.changed")]
    fn people_changed(event: &PeopleChanged) -> &PeopleChanged {
        event
    }

    #[event("person.writing")]
    fn person_writing(event: &PersonWriting) -> &PersonWriting {
        event
    }

    fn me(&self) -> Result<Person> {
        self.me.clone().ok_or_else(|| Error::msg("nobody has come yet"))
    }

    async fn tell_people(&self, context: &Context<Self>) -> Result {
        context.group().send(PeopleChanged { people: self.boards.people(&self.board) }).await
    }
}

/// What goes over the sockets, for `schema`.
pub fn declarations() -> Declarations {
    Declarations::new("Board", env!("CARGO_PKG_VERSION"))
        .docs("A shared board: notes, people, and what happened before.")
        .consumer::<BoardConsumer>()
}

/// The pages, the AsyncAPI document and the consumer.
pub fn app() -> Router {
    Router::new()
        .merge(page::router())
        .merge(declarations().asyncapi().router())
        .consumer::<BoardConsumer>()
        .with_state(Boards::default())
}
