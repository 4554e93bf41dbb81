// Generated from the server's declarations: change those, and generate it anew.
import { define } from "consumer-client";

export const Board = define({
  name: "BoardConsumer",
  path: "/ws/board/{board}/",
  methods: { open: "board.open", add: "note.add", moveNote: "note.move", remove: "note.remove", clear: "board.clear", history: "board.history", writing: "person.write" },
  bare: ["open", "clear", "writing"],
  types: ["board.cleared", "note.added", "note.moved", "note.removed", "people.changed", "person.writing"],
  questions: ["board.confirm"],
  subprotocols: [],
  contract: "contract 1\nframe board.clear null -> integer\nframe board.history {before?:integer|null,limit:integer} -> {entries:[@Entry],more:bool}\nframe board.open null -> {me:@Person,notes:[@Note],people:[@Person]}\nframe note.add {colour:@Colour,text:string,x:integer,y:integer} -> {author:string,colour:@Colour,id:integer,text:string,x:integer,y:integer}\nframe note.move {note:integer,x:integer,y:integer}\nframe note.remove {note:integer}\nframe person.write null\nsend board.cleared {by:@Person,type:\"board.cleared\"}\nsend board.confirm {question:string,type:\"board.confirm\"}\nsend note.added {by:integer,note:@Note,type:\"note.added\"}\nsend note.moved {by:integer,place:@Place,type:\"note.moved\"}\nsend note.removed {by:integer,note:integer,type:\"note.removed\"}\nsend people.changed {people:[@Person],type:\"people.changed\"}\nsend person.writing {person:@Person,type:\"person.writing\"}\nin Colour \"blue\"|\"green\"|\"pink\"|\"yellow\"\nout Colour \"blue\"|\"green\"|\"pink\"|\"yellow\"\nout Entry {number:integer,what:string,who:string}\nout Note {author:string,colour:@Colour,id:integer,text:string,x:integer,y:integer}\nout Person {id:integer,name:string}\nout Place {note:integer,x:integer,y:integer}",
  heartbeat: true,
});
