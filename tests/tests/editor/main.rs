//! What an editor makes of consumers: rust-analyzer, asked as an editor asks it.

mod editor;
mod findings;
mod project;
mod server;

use editor::{Editor, Place};
use findings::Findings;
use project::{Program, Project};

/// A mistake in the program: the words that make it, and what is underlined for it, with the beginning of the message.
struct Mistake {
    good: &'static str,
    bad: &'static str,
    error: &'static str,
}

/// One for each attribute, and several in the impl block.
const MISTAKES: [Mistake; 7] = [
    Mistake { good: "async fn history(", bad: "fn history(", error: "fn: handler `history` is not `async`" },
    // The handler that is being written.
    Mistake { good: "#[receive]", bad: "#[receive(json)]", error: "json: not a form of `#[receive]`" },
    Mistake {
        good: "query: HistoryQuery)",
        bad: "query: HistoryQuery, limit: u8)",
        error: "u8: the second argument of a handler of `ChatConsumer` is `context: &mut Context<Self>`",
    },
    Mistake {
        good: "#[event(\"chat.typing\")]\n    async",
        bad: "#[event(\"chat..typing\")]\n    async",
        error: "\"chat..typing\": event name \"chat..typing\" has an empty word",
    },
    Mistake {
        good: "#[event(\"chat.typing\")]\n#[derive",
        bad: "#[event(\"chat..typing\")]\n#[derive",
        error: "\"chat..typing\": event name \"chat..typing\" has an empty word",
    },
    Mistake { good: "\"chat_{room_name}\"", bad: "\"chat_{room}\"", error: "\"chat_{room}\": " },
    Mistake {
        good: "\"/ws/chat/{room_name}/\"",
        bad: "\"/ws/chat/{room}/\"",
        error: "\"/ws/chat/{room}/\": route parameter `{room}` has no field `room`",
    },
];

/// The line of the handler `receive` that is typed anew.
const LINE: &str = "context.group().send(ChatMessage { message: say.message }).await";

#[test]
#[ignore = "needs rust-analyzer"]
fn an_editor_understands_consumers() {
    let project = Project::checked();
    let program = project.program();
    let mut editor = Editor::open(&project);
    let mut findings = Findings::default();

    findings.same("a valid program", &editor.diagnostics(), &Vec::new());
    definitions(&mut editor, &program, &mut findings);
    references(&mut editor, &program, &mut findings);
    names(&mut editor, &program, &mut findings);
    hovers(&mut editor, &mut findings);
    for mistake in &MISTAKES {
        let broken = program.with(mistake.good, mistake.bad);
        editor.show(&broken);
        errors(&mut editor, mistake, &mut findings);
        completions(&mut editor, &broken, mistake.bad, &mut findings);
    }

    editor.close();
    findings.assert_none();
}

/// Each leads to one place, the user's.
fn definitions(editor: &mut Editor, program: &Program, findings: &mut Findings) {
    let here = [
        ("event: &Chat^Message", "pub struct ^ChatMessage"),
        ("say: ^Say", "pub struct ^Say"),
        ("query: History^Query", "pub struct ^HistoryQuery"),
        ("_: &^Typing", "pub struct ^Typing"),
        (") -> ^Said", "pub struct ^Said"),
        ("group = ^Room", "pub struct ^Room"),
        ("events(^ChatMessage", "pub struct ^ChatMessage"),
        ("sends(^Said)", "pub struct ^Said"),
        ("impl ^ChatConsumer", "pub struct ^ChatConsumer"),
        ("self.^room_name", "    ^room_name: String,\n    seen"),
        ("event.^message", "struct ChatMessage {\n    pub ^message"),
        ("self.^greet(", "fn ^greet"),
        ("ChatConsumer::^chat_message(", "fn ^chat_message"),
        ("fn ^chat_message", "fn ^chat_message"),
    ];
    for (from, to) in here {
        let expected = vec![Place::Here(program.at(to))];
        findings.same(&format!("the definition of `{from}`"), &editor.definitions(from), &expected);
    }
    let there = [
        ("context.^group()", "pub fn group<G>(&self) -> GroupRef<'_, G>"),
        ("#[^consumer]", "pub fn consumer(arguments: TokenStream, item: TokenStream) -> TokenStream {"),
        ("#[^receive]", "pub fn receive(_: TokenStream, item: TokenStream) -> TokenStream {"),
    ];
    for (from, line) in there {
        let expected = vec![Place::There(line.to_owned())];
        findings.same(&format!("the definition of `{from}`"), &editor.definitions(from), &expected);
    }
}

/// What the user wrote, and nothing generated.
fn references(editor: &mut Editor, program: &Program, findings: &mut Findings) {
    let cases = [
        ("fn ^receive", vec![]),
        ("fn ^chat_typing", vec![]),
        ("fn ^connect", vec![]),
        ("fn ^chat_message", vec!["ChatConsumer::^chat_message("]),
        ("fn ^greet", vec!["self.^greet("]),
    ];
    for (piece, users) in cases {
        let expected = users.into_iter().map(|user| Place::Here(program.at(user))).collect();
        findings.same(&format!("the references of `{piece}`"), &editor.references(piece), &expected);
    }
}

/// A new name reaches every handler.
fn names(editor: &mut Editor, program: &Program, findings: &mut Findings) {
    let cases = [
        (
            "struct ChatMessage {\n    pub ^message",
            vec![
                "struct ChatMessage {\n    pub ^message",
                "send(ChatMessage { ^message",
                "event.^message",
                "&ChatMessage { ^message",
            ],
        ),
        ("    ^seen: usize", vec!["    ^seen: usize", "self.^seen += 1", "self.^seen.min"]),
        ("fn ^chat_message", vec!["fn ^chat_message", "ChatConsumer::^chat_message("]),
        ("struct ^Say ", vec!["struct ^Say ", "say: ^Say,"]),
    ];
    for (piece, places) in cases {
        let mut expected: Vec<_> = places.into_iter().map(|place| program.at(place)).collect();
        expected.sort();
        findings.same(&format!("a new name for `{piece}`"), &editor.renamed(piece, "other"), &expected);
    }
}

/// The user's words over what is the user's, ours over what is ours.
fn hovers(editor: &mut Editor, findings: &mut Findings) {
    let cases = [
        ("fn ^receive", ["async fn receive(&mut self, say: Say", "Tells the room what was said."]),
        (
            "fn ^chat_message",
            ["fn chat_message(event: &ChatMessage) -> Said", "Shows everyone a message, encoded once."],
        ),
        ("fn ^greet", ["fn greet(&self", "Says where the browser is."]),
        ("struct ^ChatMessage", ["pub struct ChatMessage", "What travels to everyone in a room."]),
        ("event: &^ChatMessage", ["pub struct ChatMessage", "What travels to everyone in a room."]),
        ("struct ^Typing", ["pub struct Typing", "Tells that somebody writes."]),
        ("struct ^Room", ["pub struct Room", "A room, and what may be sent to it."]),
        ("struct ^ChatConsumer", ["pub struct ChatConsumer", "One browser in a room."]),
        ("#[^consumer]", ["proc_macro consumer", "#[consumer(blocking)]"]),
        ("#[^consumer(\"", ["proc_macro consumer", "sends(A, B)"]),
        ("#[^group(\"", ["proc_macro group", "what may be sent to them"]),
        ("#[^event(\"chat.message\")]\npub", ["proc_macro event", "`#[event(\"chat.message\")]` above a struct"]),
        ("#[^event(\"chat.message\")]\n    fn", ["proc_macro event", "it marks the event's handler"]),
        ("#[^receive]", ["proc_macro receive", "`#[receive(text)]`"]),
        ("#[^connect]", ["proc_macro connect", "before the connection is accepted"]),
    ];
    for (piece, words) in cases {
        findings.says(&format!("what is shown over `{piece}`"), &editor.hover(piece), &words);
    }
}

/// One error, at the words that are wrong.
fn errors(editor: &mut Editor, mistake: &Mistake, findings: &mut Findings) {
    let errors = editor.diagnostics();
    let what = format!("the errors of `{}`", mistake.bad);
    findings.same(&what, &errors.len(), &1);
    findings.says(&what, &errors.join("\n"), &[mistake.error]);
}

/// A line that has no end yet, in a program that has a mistake elsewhere as well.
fn completions(editor: &mut Editor, broken: &Program, mistake: &str, findings: &mut Findings) {
    let cases: [(&str, &[&str]); 4] = [
        ("context.", &["channel_name", "close", "group", "join", "send", "untyped"]),
        ("let room = self.", &["greet", "history", "room_name", "seen"]),
        ("if say.", &["message"]),
        ("context.group().", &["name", "send"]),
    ];
    for (line, words) in cases {
        editor.show(&broken.with(LINE, line));
        let offered = editor.completions(&format!("{line}^\n"));
        findings.offers(&format!("after `{line}`, with `{mistake}`"), &offered, words);
    }
}
