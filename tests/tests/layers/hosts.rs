//! Every form that `hosts` has, and what is said of those that are wrong.

use std::time::Duration;

use consumer_runtime::{RedisError, RedisHost, RedisLayer, RedisOptions, RedisPubSubLayer};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use serde_json::{Value, from_value, json};
use tempfile::TempDir;
use tests::{
    RedisServer, django_config,
    python::{Django, pythons},
    soon,
};

use super::{WIRES, Wire, process};

fn options(hosts: Value) -> RedisOptions {
    let mut options: RedisOptions = from_value(json!({ "hosts": hosts })).unwrap();
    options.timeout = Duration::from_secs(2);
    options
}

/// A message travels from one process to another.
async fn they_talk(wire: Wire, options: &RedisOptions) {
    let (here, there) = (process(wire, options).await, process(wire, options).await);
    let mut member = there.untyped().new_channel();
    member.group_add("chat_lobby").await.unwrap();
    here.untyped().group_send("chat_lobby", json!({"type": "to.all"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "to.all");
    here.untyped().send(member.name().as_str(), json!({"type": "to.one"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "to.one");
    assert_eq!(there.counts().unreadable, 0);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn every_form_of_a_host_works_over_redis() {
    let folder = TempDir::new().unwrap();
    let socket = folder.path().join("redis.sock").to_str().unwrap().to_owned();
    let server = RedisServer::with(&["--unixsocket", &socket, "--requirepass", "sé@cret"]).await;
    assert_eq!(server.say("AUTH sé@cret").await, "+OK");
    let port = server.port();
    for host in [
        json!(format!("redis://:s%C3%A9%40cret@127.0.0.1:{port}/3")),
        json!(format!("redis://default:s%C3%A9%40cret@127.0.0.1:{port}?db=3&protocol=resp3&socket_timeout=5")),
        json!({"address": format!("redis://127.0.0.1:{port}"), "password": "sé@cret", "db": 3}),
        json!({"address": format!("redis://127.0.0.1:{port}/3"), "username": "default", "password": "sé@cret"}),
        json!({"host": "127.0.0.1", "port": port, "password": "sé@cret", "db": 3, "socket_timeout": null}),
        json!({"path": socket, "password": "sé@cret", "db": 3, "protocol": 3}),
        json!({"address": format!("unix://{socket}?db=3"), "password": "sé@cret"}),
        json!(format!("unix://{socket}?db=3&password=s%C3%A9%40cret")),
    ] {
        for wire in WIRES {
            they_talk(wire, &options(json!([host]))).await;
        }
    }
    let open = RedisServer::new().await;
    for wire in WIRES {
        they_talk(wire, &options(json!([["127.0.0.1", open.port()]]))).await;
        they_talk(wire, &options(json!([{"port": open.port()}]))).await;
        they_talk(
            wire,
            &RedisOptions::on([RedisHost::tcp("127.0.0.1", open.port()), RedisHost::unix(&socket).password("sé@cret")]),
        )
        .await;
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn resp3_is_spoken_where_it_is_asked_for_over_redis() {
    let server = RedisServer::new().await;
    // The one connection for commands speaks it wherever the server does, since it tells when it is lost.
    for (query, asked_for) in [("", false), ("?protocol=resp3", true)] {
        for wire in WIRES {
            let options = RedisOptions::url(server.url() + query);
            they_talk(wire, &options).await;
            let _process = process(wire, &options).await;
            // Those of the processes that have ended go away by and by.
            soon(&format!("{wire:?} has two connections, {query}"), async {
                loop {
                    let list = server.say_all("CLIENT LIST").await;
                    let others =
                        list.lines().filter(|line| line.contains("resp=") && !line.contains("cmd=client|list"));
                    let (new, old): (Vec<_>, Vec<_>) = others.partition(|line| line.contains("resp=3"));
                    let is_so =
                        if asked_for { old.is_empty() && new.len() > 1 } else { new.len() == 1 && !old.is_empty() };
                    if is_so {
                        break;
                    }
                }
            })
            .await;
        }
    }
}

/// Files of an authority, and of a server on 127.0.0.1 that it has signed.
struct Certificates {
    authority: String,
    server: String,
    key: String,
    _folder: TempDir,
}

fn certificates() -> Certificates {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "an authority");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut server = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    server.distinguished_name.push(DnType::CommonName, "a server");
    let server = server.signed_by(&key, &authority).unwrap();
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    Certificates {
        authority: file("authority.pem", authority.pem()),
        server: file("server.pem", server.pem()),
        key: file("server.key", key.serialize_pem()),
        _folder: folder,
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn servers_are_reached_over_tls_over_redis() {
    let files = certificates();
    let server = RedisServer::tls(&files.server, &files.key).await;
    let port = server.port();
    for wire in WIRES {
        for host in [
            json!({"address": format!("rediss://127.0.0.1:{port}"), "ssl_ca_certs": files.authority}),
            json!({"host": "localhost", "port": port, "ssl": true, "ssl_ca_certs": files.authority, "protocol": 3}),
            json!(format!("rediss://127.0.0.1:{port}?ssl_cert_reqs=required&ssl_ca_certs={}", files.authority)),
        ] {
            they_talk(wire, &options(json!([host]))).await;
        }
    }
    let told = async |host: Value| RedisLayer::connect(&options(json!([host]))).await.unwrap_err().to_string();
    let error = told(json!(format!("rediss://127.0.0.1:{port}"))).await;
    assert!(error.contains("`ssl` of `hosts[0]`") && error.contains("`ssl_ca_certs`"), "{error}");
    let error = told(json!(format!("redis://127.0.0.1:{port}"))).await;
    assert!(error.contains("`hosts[0]`") && error.contains("rediss://"), "{error}");
    let plain = RedisServer::new().await;
    let error = told(json!(plain.url().replace("redis:", "rediss:"))).await;
    assert!(error.contains("`hosts[0]`") && error.contains("does not speak TLS, write \"redis://\""), "{error}");
    let error = told(json!({"address": plain.url(), "ssl_ca_certs": files.authority})).await;
    assert!(error.contains("`ssl` of `hosts[0]`") && error.contains("rediss://"), "{error}");
    let error = told(json!({"address": format!("rediss://127.0.0.1:{port}"), "ssl_ca_certs": "/nowhere.pem"})).await;
    assert!(error.contains("`ssl_ca_certs` of `hosts[0]`: /nowhere.pem"), "{error}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn what_is_wrong_with_a_host_is_named_at_the_start_over_redis() {
    let open = RedisServer::new().await;
    let closed = RedisServer::with(&["--requirepass", "secret"]).await;
    let unable = RedisServer::with(&["--rename-command", "BZPOPMIN", "", "--rename-command", "SSUBSCRIBE", ""]).await;
    let narrow = RedisServer::new().await;
    assert_eq!(narrow.say("ACL SETUSER some on >secret ~* &* +@connection -@all +auth").await, "+OK");
    let told = async |second: Value| {
        // The first is well, so that the number is told, too.
        let options = options(json!([open.url(), second]));
        let stored = RedisLayer::connect(&options).await.unwrap_err();
        if !matches!(stored, RedisError::TooOld { .. }) {
            let published = RedisPubSubLayer::connect(&options).await.unwrap_err();
            assert_eq!(stored, published);
        }
        stored.to_string()
    };
    for (host, parts) in [
        (json!("localhost:6379"), &["`hosts[1]` is no URL", "write \"redis://localhost:6379\""][..]),
        (json!("http://localhost"), &["`hosts[1]` is no URL", "`redis://`"]),
        (json!("redis://"), &["`hosts[1]` is no URL", "names no host"]),
        (json!(format!("{}/many", open.url())), &["`hosts[1]` is no URL", "`many` is no number"]),
        (json!(format!("{}?dbb=1", open.url())), &["`hosts[1]` is no URL", "`dbb` is no setting of a host", "`db`"]),
        (json!(format!("{}?protocol=resp4", open.url())), &["`hosts[1]` is no URL", "`protocol`"]),
        (json!(format!("{}/99", open.url())), &["`db` of `hosts[1]`", "out of range"]),
        (json!({"address": open.url(), "db": -1}), &["`db` of `hosts[1]`"]),
        (json!({"address": open.url(), "username": "me"}), &["`password` of `hosts[1]`"]),
        (json!({"address": open.url(), "protocol": 4}), &["`protocol` of `hosts[1]`", "2 or 3"]),
        (json!(closed.url()), &["`password` of `hosts[1]`", "wants one"]),
        (json!({"address": closed.url(), "protocol": 3}), &["`password` of `hosts[1]`", "wants one"]),
        (json!({"address": closed.url(), "password": "wrong"}), &["`password` of `hosts[1]`", "does not let it in"]),
        (
            json!({"address": closed.url(), "username": "me", "password": "secret"}),
            &["`password` of `hosts[1]`", "`username`"],
        ),
        (
            json!({"address": narrow.url(), "username": "some", "password": "secret"}),
            &["`username` of `hosts[1]`", "'ping'"],
        ),
        (json!("redis://127.0.0.1:1"), &["`hosts[1]` cannot be used", "refused"]),
        (json!({"host": "a", "path": "/b"}), &["`path` of `hosts[1]`", "`host`"]),
        (json!({"master_name": "main"}), &["`sentinels` of `hosts[1]`"]),
        (json!({"sentinels": [["127.0.0.1", 1]]}), &["`master_name` of `hosts[1]`"]),
        (json!({"sentinels": [["127.0.0.1", 1]], "master_name": "main"}), &["`hosts[1]` cannot be used", "sentinels"]),
    ] {
        let error = told(host.clone()).await;
        parts.iter().for_each(|part| assert!(error.contains(part), "{host}: {error}"));
        assert!(!error.contains("secret") && !error.contains("wrong"), "{host}: {error}");
    }
    let error = told(json!(unable.url())).await;
    assert!(error.contains("`hosts[1]`, Redis 7") && error.contains("no BZPOPMIN; Redis 5.0"), "{error}");
    they_talk(Wire::Published, &options(json!([unable.url()]))).await;
}

#[tokio::test]
#[ignore = "needs channels_redis"]
async fn hosts_mean_the_same_with_django() {
    let files = certificates();
    let folder = TempDir::new().unwrap();
    let socket = folder.path().join("redis.sock").to_str().unwrap().to_owned();
    let local = RedisServer::with(&["--unixsocket", &socket]).await;
    let closed = RedisServer::with(&["--requirepass", "secret"]).await;
    let secure = RedisServer::tls(&files.server, &files.key).await;
    let open = RedisServer::new().await;
    let secure_url = format!("rediss://127.0.0.1:{}", secure.port());
    for hosts in [
        json!([["127.0.0.1", open.port()]]),
        json!([{"address": closed.url(), "password": "secret", "db": 2}]),
        // What a URL says goes before what stands beside it.
        json!([{"address": closed.url() + "/2", "password": "secret", "db": 3}]),
        json!([{"host": "127.0.0.1", "port": closed.port(), "username": "default", "password": "secret", "db": 2}]),
        json!([format!("{}?db=4", open.url()), ["127.0.0.1", open.port()]]),
        // The same server, two ways.
        json!([format!("unix://{socket}?db=2"), {"address": local.url(), "protocol": 3}]),
        json!([{"address": secure_url, "ssl_ca_certs": files.authority}]),
    ] {
        for wire in WIRES {
            for python in pythons() {
                let options = options(hosts.clone());
                let ours = process(wire, &options).await;
                // In the form that was written, which is not the one that we would write.
                let mut theirs = django_config(&options);
                theirs["hosts"] = hosts.clone();
                let mut django = Django::new(&python, wire.django(), theirs).await;
                let mut member = ours.untyped().new_channel();
                member.group_add("chat_lobby").await.unwrap();
                django.call("group_add", json!(["chat_lobby", "<own>"])).await;
                django.call("group_send", json!(["chat_lobby", {"type": "a"}])).await;
                assert_eq!(soon("a message", member.receive()).await.name(), "a", "{hosts}");
                assert_eq!(django.hear().await["type"], "a");
                ours.untyped().group_send("chat_lobby", json!({"type": "b"})).await.unwrap();
                assert_eq!(django.hear().await["type"], "b", "{hosts}");
            }
        }
    }
}
