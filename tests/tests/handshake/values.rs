//! Values in the path that break a rule.

use super::*;

#[tokio::test]
async fn a_group_name_that_breaks_the_rule_is_a_400_that_quotes_it() {
    let site = site().await;
    let long = "x".repeat(95);
    for (path, quoted) in [
        ("/ws/room/%EB%B0%A9/", "방"),
        ("/ws/room/two%20words/", "two words"),
        (&format!("/ws/room/{long}/"), "100 bytes long"),
    ] {
        let response = ask(site.address, &handshake(path, "")).await;
        assert_eq!(response.status, 400, "{path}");
        assert!(response.body.contains(quoted), "{}", response.body);
        assert!(response.body.contains("a name has 1 to 99 characters out of ASCII letters"), "{}", response.body);
    }
    assert_eq!(ask(site.address, &handshake(&format!("/ws/room/{}/", &long[1..]), "")).await.status, 101);
}

#[tokio::test]
async fn a_path_value_that_does_not_parse_is_a_400_that_names_it() {
    let site = site().await;
    for value in ["x", "-1", "4294967296", "1.5"] {
        let response = ask(site.address, &handshake(&format!("/ws/item/{value}/"), "")).await;
        assert_eq!(response.status, 400, "{value}");
        assert!(response.body.contains("`item`"), "{}", response.body);
    }
    let mut client = site.client("/ws/item/42/").await;
    client.say("{}").await;
    assert_eq!(client.hear_json().await, json!({"type": "reply", "ok": 42}));
}

#[tokio::test]
async fn a_path_value_that_is_not_utf8_is_a_400() {
    let site = site().await;
    assert_eq!(ask(site.address, &handshake("/ws/room/%FF/", "")).await.status, 400);
}

#[tokio::test]
async fn a_path_that_nobody_serves_is_a_404() {
    let site = site().await;
    assert_eq!(ask(site.address, &handshake("/ws/nowhere/", "")).await.status, 404);
    assert_eq!(ask(site.address, &handshake("/ws/room/lobby", "")).await.status, 404);
}
