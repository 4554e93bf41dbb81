// Generated from the server's declarations: change those, and generate it anew.
import { type Endpoint, type AnyError, type Connection, type Reply, type RequestOptions, type Shape } from "consumer-client";

/** The colour of a note. */
export type Colour = "yellow" | "green" | "blue" | "pink";

/** A note to be written. */
export interface Draft {
  colour: Colour;
  text: string;
  x: number;
  y: number;
}

/** Something that happened on a board. */
export interface Entry {
  /** Counts up from 1. */
  number: number;
  /** As in `added "milk"`. */
  what: string;
  who: string;
}

/** What happened, newest first. */
export interface History {
  entries: Entry[];
  more: boolean;
}

/** A page of what happened. */
export interface HistoryQuery {
  /** The number of the oldest entry that is known already. */
  before?: number | null;
  limit: number;
}

/** A piece of paper. */
export interface Note {
  /** The name of whoever wrote it. */
  author: string;
  colour: Colour;
  id: number;
  text: string;
  /** From the left edge, in thousandths of the board's width. */
  x: number;
  /** From the top, in thousandths of the board's height. */
  y: number;
}

/** Somebody who looks at a board. */
export interface Person {
  id: number;
  name: string;
}

/** Where a note goes. */
export interface Place {
  /** Its number; `id` is the frame's own word. */
  note: number;
  x: number;
  y: number;
}

/** The board as it is. */
export interface Snapshot {
  me: Person;
  notes: Note[];
  people: Person[];
}

/** A note. */
export interface Which {
  note: number;
}

/** Somebody took all notes down. */
export interface BoardCleared {
  by: Person;
}

/** Is it really to be done? */
export interface BoardConfirm {
  question: string;
}

/** Somebody wrote a note. */
export interface NoteAdded {
  /** The person, who knows it already. */
  by: number;
  note: Note;
}

/** Somebody moved a note. */
export interface NoteMoved {
  by: number;
  place: Place;
}

/** Somebody took a note down. */
export interface NoteRemoved {
  by: number;
  note: number;
}

/** Who looks at the board now. */
export interface PeopleChanged {
  people: Person[];
}

/** Somebody is writing. */
export interface PersonWriting {
  person: Person;
}

export type NoteError =
  /** The text has no letter in it. */
  | { code: "empty"; message: string; data?: undefined }
  /** The text is longer than a note has room for. */
  | { code: "too_long"; message: string; data: { max: number } }
  /** The board has as many notes as it may have. */
  | { code: "full"; message: string; data: { max: number } }
  /** Somebody has removed it. */
  | { code: "gone"; message: string; data?: undefined };

/** What goes over the socket of {@link Board}. */
export interface BoardShape extends Shape {
  params: {
    /** The board's name. */
    board: string;
  };
  messages: {
    "note.added": { type: "note.added" } & NoteAdded;
    "note.moved": { type: "note.moved" } & NoteMoved;
    "note.removed": { type: "note.removed" } & NoteRemoved;
    "board.cleared": { type: "board.cleared" } & BoardCleared;
    "people.changed": { type: "people.changed" } & PeopleChanged;
    "person.writing": { type: "person.writing" } & PersonWriting;
  };
  frames: {
    "board.open": { payload: {}; reply: Snapshot; error: AnyError };
    "note.add": { payload: Draft; reply: Note; error: NoteError };
    "note.move": { payload: Place; reply: null; error: NoteError };
    "note.remove": { payload: Which; reply: null; error: NoteError };
    "board.clear": { payload: {}; reply: number; error: AnyError };
    "board.history": { payload: HistoryQuery; reply: History; error: never };
    "person.write": { payload: {}; reply: null; error: AnyError };
  };
  questions: {
    "board.confirm": { question: { type: "board.confirm" } & BoardConfirm; answer: boolean };
  };
  subprotocol: never;
  close: number;
  text: false;
  bytes: false;
}

/** One window at a board. */
export interface Board extends Connection<BoardShape> {
  /** The board as it is: asked for when the page opens, and whenever it may have missed something. */
  open(options?: RequestOptions): Promise<Reply<Snapshot, AnyError>>;
  /** Writes a note, and answers with it as everybody sees it. */
  add(payload: Draft, options?: RequestOptions): Promise<Reply<Note, NoteError>>;
  /** Moves a note. */
  moveNote(payload: Place, options?: RequestOptions): Promise<Reply<null, NoteError>>;
  /** Takes a note down. */
  remove(payload: Which, options?: RequestOptions): Promise<Reply<null, NoteError>>;
  /** Takes all notes down, once the page has said that this is meant; answers how many there were. */
  clear(options?: RequestOptions): Promise<Reply<number, AnyError>>;
  /** What happened before. */
  history(payload: HistoryQuery, options?: RequestOptions): Promise<Reply<History>>;
  /** The person of this window is writing. */
  writing(options?: RequestOptions): Promise<Reply<null, AnyError>>;
}

export declare const Board: Endpoint<Board, BoardShape>;
