//! What an editor makes of consumers: rust-analyzer, asked as an editor asks it.

mod editor;
mod project;
mod server;

use editor::Editor;
use project::Project;

#[test]
#[ignore = "needs rust-analyzer"]
fn explore() {
    let project = Project::checked();
    let mut editor = Editor::open(&project);
    println!("diagnostics {:#?}", editor.diagnostics());
    for piece in ["event: &Chat^Message", "say: S^ay", "self.room^_name", "group = Ro^om", "events(Chat^Message", "query: His^tory",
        "context.gr^oup()", "#[cons^umer]", "#[ev^ent(\"chat.typing\")]\n    async", "#[rec^eive]", "#[con^nect]", "self.gr^eet(", "_: &Typ^ing", "query.lim^it", "fn chat^_message", "pub struct Chat^Message", "context: &mut Context<Self>) -> Result<(), Ref^usal>", "fn gr^eet", "sends(Sa^id)", "chat_{room^_name}\""] {
        println!("\n== {piece}\ndefinitions {:?}\nreferences {:?}\nhover {}", editor.definitions(piece), editor.references(piece), editor.hover(piece).chars().take(300).collect::<String>());
    }
    println!("rename {:?}", editor.renamed("ChatMessage {\n    pub mes^sage", "body"));
    let program = project.program();
    for (bad, good) in [("fn on_message", "fn chat_message"), ("#[event]\n    fn chat_message", "#[event(\"chat.message\")]\n    fn chat_message")] {
        let broken = program.with(good, bad);
        for (line, piece) in [("context.", "context.^\n"), ("self.", "self.^\n"), ("say.", "say.^\n"), ("let a = context.", "context.^\n"), ("context.group().", "context.group().^\n")] {
            let typed = broken.with("context.group().send(ChatMessage { message: say.message }).await", line);
            editor.show(&typed);
            println!("\n== {bad} {line}: {:?}\n{:#?}", editor.completions(piece), editor.diagnostics());
        }
    }
    editor.close();
}
