//! Names are names, and nothing else: no patterns, no separators, no case folding.

use serde_json::json;

use super::{LayerUnderTest, member, process, sent, soon};

/// Names that a layer might take for one another, or for something else in its server.
const ALIKE: [&str; 14] = ["a", "A", "a.b", "a-b", "a_b", "a..b", "a.b.", "b", "ab", ".", "..", "-", "_", "group"];

/// Each group gets its own messages, however alike the names are, and a general channel of the same name is another thing.
pub async fn names_that_are_alike_do_not_mix<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let mut members = Vec::new();
    for name in ALIKE {
        members.push((name, member(&there, name).await));
    }
    for name in ALIKE {
        sent(name, here.untyped().send(name, json!({"type": "for.the.channel"}))).await;
        sent(name, here.untyped().group_send(name, json!({"type": "for.the.group", "name": name}))).await;
    }
    // Twice, so that the second one shows that nothing came in between.
    for name in ALIKE {
        sent(name, here.untyped().group_send(name, json!({"type": "for.the.group", "name": name}))).await;
    }
    for (name, member) in &mut members {
        for _ in 0..2 {
            let message = soon(*name, member.receive()).await.to_value().expect("what arrived can be read");
            assert_eq!(message, json!({"type": "for.the.group", "name": name}));
        }
    }
}

/// Names may hold all of ASCII's letters and digits, `-`, `_` and `.`, and be 99 characters long.
pub async fn every_allowed_name_works<L: LayerUnderTest>(layer: &mut L) {
    let (here, there) = (process(layer).await, process(layer).await);
    let letters: String = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain("-_.".chars()).collect();
    for name in [letters, "x".repeat(99), "7".to_owned()] {
        let mut member = member(&there, &name).await;
        sent(&name, here.untyped().group_send(&name, json!({"type": "test.message"}))).await;
        assert_eq!(soon(&name, member.receive()).await.name(), "test.message");
    }
}
