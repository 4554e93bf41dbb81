//! What the attributes make of the tutorial's chat, and the derive of an error, in full.

use expect_test::expect_file;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

const HEAD: &str =
    "// `private` is `::consumer_runtime::__private`, and `#[allow(..)]` lists the lints of generated code.\n\n";

/// Formatted, with the long path and the list of lints cut short.
fn pretty(tokens: TokenStream) -> String {
    let text = tokens.to_string().replace(":: consumer_runtime :: __private ::", "private ::");
    let mut file: syn::File = syn::parse_str(&text).expect("an expansion is Rust");
    for item in &mut file.items {
        if let Item::Const(constant) = item {
            constant.attrs = vec![parse_quote!(#[allow(..)])];
        }
    }
    prettyplease::unparse(&file)
}

#[test]
fn tutorial() {
    let event = crate::event::expand(
        quote!("chat.message"),
        quote! {
            struct ChatMessage {
                message: String,
            }
        },
    );
    let group = crate::group::expand(
        quote!("chat_{room_name}", events(ChatMessage)),
        quote! {
            struct Room {
                room_name: String,
            }
        },
    );
    let structure = crate::consumer::expand(
        quote!("/ws/chat/{room_name}/", group = Room),
        quote! {
            struct ChatConsumer {
                room_name: String,
            }
        },
    );
    let implementation = crate::consumer::expand(
        TokenStream::new(),
        quote! {
            impl ChatConsumer {
                #[receive]
                async fn receive(&mut self, say: Say, context: &mut Context<Self>) -> Result {
                    context.group().send(ChatMessage { message: say.message }).await
                }

                #[event("chat.message")]
                fn chat_message(event: &ChatMessage) -> Said {
                    Said { message: event.message.clone() }
                }
            }
        },
    );
    let text = [event, group, structure, implementation].map(pretty).join("\n");
    expect_file!["../snapshots/tutorial.rs"].assert_eq(&format!("{HEAD}{text}"));
}

#[test]
fn reply_error() {
    let expanded = crate::reply_error::expand(quote! {
        enum HistoryError {
            #[reply("no_room", "there is no room `{room}`")]
            NoRoom { room: String },
            #[reply("busy", "the server is busy")]
            Busy,
            #[reply(internal)]
            Store(std::io::Error),
        }
    });
    expect_file!["../snapshots/reply_error.rs"].assert_eq(&format!("{HEAD}{}", pretty(expanded)));
}

/// A body that does not parse as Rust reaches the compiler, or the editor, as it is.
#[test]
fn half_typed_bodies_stay() {
    let expanded = crate::consumer::expand(
        TokenStream::new(),
        quote! {
            impl Chat {
                #[receive]
                async fn receive(&mut self, say: Say) -> Result {
                    say.
                }
            }
        },
    )
    .to_string();
    assert!(expanded.contains("say . }"), "{expanded}");
    assert!(!expanded.contains("compile_error"), "{expanded}");
}

/// A mistake costs neither the item nor what other code needs.
#[test]
fn mistakes_leave_the_item() {
    let expanded = crate::consumer::expand(
        TokenStream::new(),
        quote! {
            impl Chat {
                #[event("chat.message")]
                fn on_message(&mut self, event: &ChatMessage) {}
            }
        },
    )
    .to_string();
    assert!(expanded.starts_with("impl Chat { fn on_message (& mut self , event : & ChatMessage) { } }"), "{expanded}");
    assert!(expanded.contains("HandledBy < Chat > for ChatMessage"), "{expanded}");
    assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
}
