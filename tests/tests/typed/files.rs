//! Generated files that are checked in: up to date or not, and what that means for clients.

use std::{fs, path::Path, process::ExitCode};

use consumer_runtime::{prelude::*, schema::Declarations};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::everything::declarations;

/// The module that the checks in Node are written on.
pub(crate) const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/typescript/everything.ts");

/// `UPDATE=1 cargo test -p tests --test typed` writes it anew.
#[test]
fn the_module_of_everything_is_up_to_date() {
    let declarations = declarations();
    assert_eq!(declarations.undescribed(), Vec::<String>::new());
    let files = declarations.files().runtime("../../clients/typescript/index.js").typescript(MODULE);
    if std::env::var_os("UPDATE").is_some() {
        files.write().unwrap();
    }
    files.check().unwrap_or_else(|stale| panic!("{stale}"));
}

pub(crate) mod before {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Query {
        pub(super) limit: u32,
    }

    #[derive(Serialize, JsonSchema)]
    pub(super) struct Page {
        pub(super) items: Vec<String>,
    }

    #[consumer("/ws/shop/")]
    pub(crate) struct Shop {}

    #[consumer]
    impl Shop {
        #[receive("shop.list")]
        async fn list(&mut self, query: Query) -> Page {
            Page { items: vec![query.limit.to_string()] }
        }
    }
}

/// One more field in the answer.
pub(crate) mod additive {
    use super::*;

    #[derive(Serialize, JsonSchema)]
    pub(super) struct Page {
        pub(super) items: Vec<String>,
        pub(super) more: bool,
    }

    #[consumer("/ws/shop/")]
    pub(crate) struct Shop {}

    #[consumer]
    impl Shop {
        #[receive("shop.list")]
        async fn list(&mut self, query: before::Query) -> Page {
            Page { items: vec![query.limit.to_string()], more: false }
        }
    }
}

/// One more field that the client has to send.
pub(crate) mod breaking {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Query {
        pub(super) limit: u32,
        pub(super) shelf: String,
    }

    #[consumer("/ws/shop/")]
    pub(crate) struct Shop {}

    #[consumer]
    impl Shop {
        #[receive("shop.list")]
        async fn list(&mut self, query: Query) -> before::Page {
            before::Page { items: vec![query.shelf, query.limit.to_string()] }
        }
    }
}

pub(crate) fn shop<C: Consumer>() -> Declarations {
    Declarations::new("Shop", "1").consumer::<C>()
}

#[test]
fn a_stale_client_is_told_with_the_difference_and_what_becomes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["shop.ts", "shop.js"] {
        let path = folder.path().join(name);
        let write = |declarations: &Declarations| {
            let files = if name == "shop.ts" {
                declarations.files().typescript(&path)
            } else {
                declarations.files().javascript(&path)
            };
            files.write().unwrap();
        };
        let check = |declarations: &Declarations| {
            let files = if name == "shop.ts" {
                declarations.files().typescript(&path)
            } else {
                declarations.files().javascript(&path)
            };
            files.check()
        };
        write(&shop::<before::Shop>());
        check(&shop::<before::Shop>()).unwrap();

        let stale = check(&shop::<additive::Shop>()).unwrap_err();
        assert!(!stale.is_breaking());
        let text = stale.to_string();
        assert!(text.contains("additive: clients of Shop"), "{text}");
        assert!(text.contains("\n+  more: boolean;\n"), "{text}");

        let stale = check(&shop::<breaking::Shop>()).unwrap_err();
        assert!(stale.is_breaking());
        let text = stale.to_string();
        assert!(text.contains("breaking: clients of Shop that were built from it are refused: the frame `shop.list` needs a field `shelf`"), "{text}");
    }
}

#[test]
fn the_types_of_a_module_are_where_tsc_looks_for_them() {
    let declarations = shop::<before::Shop>();
    for (module, types) in [("shop.js", "shop.d.ts"), ("shop.mjs", "shop.d.mts"), ("shop.gen.js", "shop.gen.d.ts")] {
        let files = declarations.files().javascript(module);
        let paths: Vec<_> = files.texts().map(|(path, _)| path.to_str().unwrap()).collect();
        assert_eq!(paths, [module, types]);
    }
}

#[test]
fn a_file_that_is_not_there_is_not_up_to_date() {
    let stale = shop::<before::Shop>().files().typescript("/nowhere/at/all.ts").check().unwrap_err();
    assert!(stale.to_string().starts_with("/nowhere/at/all.ts is not up to date\ncan't be read: "), "{stale}");
}

#[test]
fn a_file_that_is_up_to_date_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/shop.ts");
    let declarations = shop::<before::Shop>();
    declarations.files().typescript(&path).write().unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    declarations.files().typescript(&path).write().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
}

#[test]
fn the_command_writes_checks_and_says_by_its_exit_code_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let run = |declarations: &Declarations, arguments: &[&str]| {
        declarations.command(arguments.iter().map(|argument| (*argument).to_owned()))
    };
    let succeeded = |code: ExitCode| format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS);
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (client, api) = (path(folder.path()), path(&folder.path().join("api.json")));
    let before = shop::<before::Shop>();
    assert!(succeeded(run(&before, &["--typescript", &client, "--javascript", &client, "--asyncapi", &api])));
    for name in ["client.ts", "client.js", "client.d.ts", "api.json"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    assert!(succeeded(run(&before, &["--check", "--typescript", &client])));
    assert!(!succeeded(run(&shop::<additive::Shop>(), &["--check", "--typescript", &client])));
    assert!(succeeded(run(&before, &["--help"])));
    for wrong in [&["--typescript"][..], &["--unknown"], &[], &["--check"]] {
        assert_eq!(format!("{:?}", run(&before, wrong)), format!("{:?}", ExitCode::from(2)), "{wrong:?}");
    }
}

#[test]
fn what_nobody_describes_is_listed_and_unknown() {
    #[consumer("/ws/dark/")]
    struct Dark {}

    #[consumer]
    impl Dark {
        #[receive("dark.say")]
        async fn say(&mut self, _: Undescribed) -> Undescribed {
            Undescribed {}
        }
    }

    #[derive(Serialize, Deserialize)]
    struct Undescribed {}

    let declarations = shop::<Dark>();
    assert_eq!(declarations.undescribed(), ["Dark: the frame `dark.say`", "Dark: the reply to the frame `dark.say`"]);
    let module = declarations.typescript().module();
    assert!(module.contains(r#""dark.say": { payload: unknown; reply: unknown; error: never };"#), "{module}");
}

#[test]
fn a_field_that_no_client_can_send_is_an_objection() {
    #[derive(Deserialize, JsonSchema)]
    struct Move {
        id: u32,
    }

    #[consumer("/ws/moves/")]
    struct Moves {}

    #[consumer]
    impl Moves {
        #[receive("note.move")]
        async fn move_note(&mut self, place: Move) -> u32 {
            place.id
        }
    }

    let declarations = shop::<Moves>();
    assert_eq!(
        declarations.objections(),
        [
            "Moves: the frame `note.move` has a field `id`, which is the frame's own and never reaches the payload; give it another name"
        ]
    );
    assert_ne!(
        format!("{:?}", declarations.command(["--typescript".into(), "/nowhere/".into()])),
        format!("{:?}", ExitCode::SUCCESS)
    );
}

#[test]
fn a_message_that_looks_like_the_runtimes_own_is_an_objection() {
    #[derive(Serialize, JsonSchema)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Sign {
        Error { code: String },
        Fine,
    }

    #[consumer("/ws/signs/", sends(Sign))]
    struct Signs {}

    #[consumer]
    impl Signs {
        #[receive("sign.ask")]
        async fn ask(&mut self, _: (), context: &mut Context<Self>) -> Result {
            context.send(&Sign::Error { code: "no".into() }).await?;
            context.send(&Sign::Fine).await
        }
    }

    assert_eq!(
        shop::<Signs>().objections(),
        [
            "Signs: `Sign` is sent with the type `error`, which is that of a frame of the runtime's own; give it another name"
        ]
    );
}

/// 140 fields make a contract of more than 3 KiB, whose clients show its hash.
macro_rules! wide {
    ($module:ident, $($more:ident)?) => {
        mod $module {
            use super::*;

            #[derive(Serialize)]
            pub(crate) struct Wide;

            impl JsonSchema for Wide {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    "Wide".into()
                }

                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    let names = (0..140).map(|number| format!("a_field_of_some_length_{number}"));
                    let names = names.chain([$(stringify!($more).to_owned())?]);
                    let fields: serde_json::Map<_, _> =
                        names.map(|name| (name, serde_json::json!({"type": "string"}))).collect();
                    schemars::json_schema!({"type": "object", "properties": fields})
                }
            }

            #[consumer("/ws/shop/")]
            pub(crate) struct Shop {}

            #[consumer]
            impl Shop {
                #[receive("shop.wide")]
                async fn wide(&mut self, _: ()) -> Wide {
                    Wide
                }
            }
        }
    };
}

wide!(narrower,);
wide!(wider, one_more);

#[test]
fn any_change_of_a_contract_that_is_too_long_to_be_shown_is_breaking() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.ts");
    shop::<narrower::Shop>().files().typescript(&path).write().unwrap();
    let stale = shop::<wider::Shop>().files().typescript(&path).check().unwrap_err();
    assert!(stale.is_breaking());
    assert!(stale.to_string().contains("refused: their contract is too long to be shown"), "{stale}");
}
