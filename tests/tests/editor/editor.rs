//! What a person does in an editor, as questions to the server.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    project::{Position, Program, Project},
    server::Server,
};

/// An editor with the project's one file open.
pub(crate) struct Editor {
    server: Server,
    uri: String,
    version: u64,
    shown: Program,
}

/// A place that the editor jumps to or lists.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// In the program itself.
    Here(Position),
    /// In another file, with the text of that line.
    There(String),
}

impl Editor {
    pub(crate) fn open(project: &Project) -> Self {
        let mut server = Server::start(project);
        let uri = format!("file://{}", project.main().display());
        let shown = project.program();
        let document = json!({"uri": uri, "languageId": "rust", "version": 0, "text": shown.text()});
        server.notify("textDocument/didOpen", json!({"textDocument": document}));
        Self { server, uri, version: 0, shown }
    }

    /// Types until the file is this program.
    pub(crate) fn show(&mut self, program: &Program) {
        self.version += 1;
        self.shown = program.clone();
        self.server.notify(
            "textDocument/didChange",
            json!({
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"text": program.text()}],
            }),
        );
    }

    pub(crate) fn close(self) {
        self.server.stop();
    }

    /// What is underlined, with its message: `fn: this handler is not async`.
    pub(crate) fn diagnostics(&mut self) -> Vec<String> {
        let report = self.server.request("textDocument/diagnostic", json!({"textDocument": {"uri": self.uri}}));
        let items = report["items"].as_array().cloned().unwrap_or_default();
        let shown = |item: &Value| format!("{}: {}", self.underlined(&item["range"]), text(&item["message"]));
        items.iter().map(shown).collect()
    }

    /// The words that are offered at a place.
    pub(crate) fn completions(&mut self, piece: &str) -> Vec<String> {
        let answer = self.ask("textDocument/completion", piece);
        let items = answer.as_array().or(answer["items"].as_array()).cloned().unwrap_or_default();
        items.iter().map(|item| text(item.get("filterText").unwrap_or(&item["label"]))).collect()
    }

    /// Where "go to definition" leads.
    pub(crate) fn definitions(&mut self, piece: &str) -> Vec<Place> {
        let answer = self.ask("textDocument/definition", piece);
        self.places(answer)
    }

    /// What "find references" lists, the definition not among it.
    pub(crate) fn references(&mut self, piece: &str) -> Vec<Place> {
        let mut question = self.question(piece);
        question["context"] = json!({"includeDeclaration": false});
        let answer = self.server.request("textDocument/references", question);
        self.places(answer)
    }

    /// What is shown over a place, in Markdown; empty when nothing is.
    pub(crate) fn hover(&mut self, piece: &str) -> String {
        let answer = self.ask("textDocument/hover", piece);
        text(&answer["contents"]["value"])
    }

    /// The places of the program that a new name changes, in order.
    pub(crate) fn renamed(&mut self, piece: &str, name: &str) -> Vec<Position> {
        let mut question = self.question(piece);
        question["newName"] = name.into();
        let answer = self.server.request("textDocument/rename", question);
        let documents = answer["documentChanges"].as_array().cloned().unwrap_or_default();
        assert!(
            documents.iter().all(|document| document["textDocument"]["uri"] == *self.uri),
            "a rename of `{piece}` changes other files: {answer}"
        );
        let edits = documents.iter().filter_map(|document| document["edits"].as_array()).flatten();
        let mut places: Vec<_> = edits.map(|edit| start(&edit["range"])).collect();
        places.sort();
        places
    }

    fn ask(&mut self, method: &str, piece: &str) -> Value {
        let question = self.question(piece);
        self.server.request(method, question)
    }

    fn question(&self, piece: &str) -> Value {
        let Position { line, character } = self.shown.at(piece);
        json!({"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}})
    }

    fn places(&self, answer: Value) -> Vec<Place> {
        let list = match answer {
            Value::Array(list) => list,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let mut places: Vec<_> = list.iter().map(|location| self.place(location)).collect();
        places.sort();
        places
    }

    fn place(&self, location: &Value) -> Place {
        let position = start(&location["range"]);
        if location["uri"] == *self.uri {
            return Place::Here(position);
        }
        let path = PathBuf::from(text(&location["uri"]).trim_start_matches("file://"));
        let file = fs::read_to_string(&path).unwrap_or_default();
        let line = file.lines().nth(position.line as usize).unwrap_or_default();
        Place::There(line.trim().to_owned())
    }

    fn underlined(&self, range: &Value) -> String {
        let (begin, end) = (start(range), range["end"]["character"].as_u64().unwrap_or_default());
        let line = self.shown.text().lines().nth(begin.line as usize).unwrap_or_default();
        line.get(begin.character as usize..end as usize).unwrap_or(line).to_owned()
    }
}

fn start(range: &Value) -> Position {
    let number = |name| range["start"][name].as_u64().expect("a range has a start");
    Position { line: number("line"), character: number("character") }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
