//! Who is let in, and what is told about who is not.

use std::{path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use consumer_runtime::{NatsError, NatsLayer, NatsOptions};
use serde_json::json;
use tests::{NatsServer, soon};

use super::process;

async fn told(options: &NatsOptions) -> String {
    soon("an error", NatsLayer::connect(options)).await.unwrap_err().to_string()
}

async fn works(options: &NatsOptions) {
    let channels = process(options).await;
    let mut member = channels.untyped().new_channel();
    member.group_add("room").await.unwrap();
    channels.untyped().group_send("room", json!({"type": "a"})).await.unwrap();
    assert_eq!(soon("a message", member.receive()).await.name(), "a");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_is_set_up_wrongly_is_told_at_once_over_nats() {
    let server = NatsServer::new().await;
    let mut options = NatsOptions::default();
    options.servers.clear();
    assert_eq!(NatsLayer::connect(&options).await.unwrap_err(), NatsError::NoServers);
    let error = told(&NatsOptions::url("redis://localhost")).await;
    assert!(error.contains("`servers[0]`") && error.contains("nats://localhost:4222"), "{error}");
    let mut options = NatsOptions::url(server.url());
    options.prefix = "a b".into();
    assert!(told(&options).await.contains("`prefix`"));
    let mut options = NatsOptions::url("nats://127.0.0.1:1");
    let error = told(&options).await;
    assert!(error.contains("`servers[0]` cannot be used"), "{error}");
    // One that can be used is enough.
    options.servers.push(server.url());
    works(&options).await;

    server.freeze(true).await;
    let mut options = NatsOptions::url(server.url());
    options.timeout = Duration::from_millis(300);
    let error = told(&options).await;
    assert!(error.contains("`servers[0]`") && error.contains("no answer within 300ms"), "{error}");
    server.freeze(false).await;
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn only_who_knows_the_password_is_let_in_over_nats() {
    let server = NatsServer::with("authorization { user: chat, password: \"s:cret\" }").await;
    let mut options = NatsOptions::url(server.url());
    let error = told(&options).await;
    assert!(error.contains("`servers[0]` does not let us in") && error.contains("none of which is set"), "{error}");
    options.user = Some("chat".into());
    options.password = Some("s:cret".into());
    works(&options).await;
    options.password = Some("wr0ng".into());
    let error = told(&options).await;
    assert!(error.contains("`user` and `password`") && !error.contains("wr0ng"), "{error}");
    // In the URL, which goes before.
    options.servers = vec![server.url().replace("//", "//chat:s%3Acret@")];
    works(&options).await;
    let error = told(&NatsOptions::url(server.url().replace("//", "//chat:wr0ng@"))).await;
    assert!(error.contains("in its URL") && !error.contains("wr0ng"), "{error}");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn only_who_has_the_token_or_the_key_is_let_in_over_nats() {
    let server = NatsServer::with("authorization { token: secret }").await;
    works(&NatsOptions::url(server.url().replace("//", "//secret@"))).await;
    let mut options = NatsOptions::url(server.url());
    options.token = Some("secret".into());
    works(&options).await;
    options.token = Some("wr0ng".into());
    let error = told(&options).await;
    assert!(error.contains("`token`") && !error.contains("wr0ng"), "{error}");

    let key = nkeys::KeyPair::new_user();
    let users = format!("authorization {{ users: [ {{ nkey: {} }} ] }}", key.public_key());
    let server = NatsServer::with(&users).await;
    let mut options = NatsOptions::url(server.url());
    options.nkey = Some(key.seed().unwrap());
    works(&options).await;
    options.nkey = Some(nkeys::KeyPair::new_user().seed().unwrap());
    assert!(told(&options).await.contains("check `nkey`"));
    options.nkey = Some("SUnonsense".into());
    assert!(told(&options).await.contains("`nkey` cannot be used"));
}

/// What `by` says of `of`, signed as NATS' tools do.
fn claim(by: &nkeys::KeyPair, of: &nkeys::KeyPair, kind: &str) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({"typ": "JWT", "alg": "ed25519-nkey"}));
    // An account without limits says so: -1.
    let limits = json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1
    });
    let nats = match kind {
        "user" => json!({"type": kind, "version": 2, "subs": -1, "data": -1, "payload": -1}),
        _ => json!({"type": kind, "version": 2, "limits": limits}),
    };
    let claims = json!({
        "jti": kind, "iat": 1_700_000_000, "iss": by.public_key(), "sub": of.public_key(), "name": kind, "nats": nats
    });
    let signed = format!("{head}.{}", part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(by.sign(signed.as_bytes()).unwrap()))
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn only_who_has_credentials_is_let_in_over_nats() {
    let [operator, account, user, stranger] = [
        nkeys::KeyPair::new_operator(),
        nkeys::KeyPair::new_account(),
        nkeys::KeyPair::new_user(),
        nkeys::KeyPair::new_user(),
    ];
    let server = NatsServer::with(&format!(
        "operator: {}\nresolver: MEMORY\nresolver_preload: {{ {}: {} }}",
        claim(&operator, &operator, "operator"),
        account.public_key(),
        claim(&operator, &account, "account")
    ))
    .await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let write = |key: &nkeys::KeyPair| {
        let (jwt, seed) = (claim(&account, &user, "user"), key.seed().unwrap());
        let block = |what: &str, text: &str| format!("-----BEGIN {what}-----\n{text}\n------END {what}------\n\n");
        let whole = block("NATS USER JWT", &jwt) + &block("USER NKEY SEED", &seed);
        std::fs::write(file.path(), whole).unwrap();
    };
    let mut options = NatsOptions::url(server.url());
    assert!(told(&options).await.contains("none of which is set"));
    options.credentials_file = Some(file.path().to_owned());
    assert!(told(&options).await.contains("`credentials_file` cannot be used"), "it is empty");
    write(&user);
    works(&options).await;
    write(&stranger);
    assert!(told(&options).await.contains("check `credentials_file`"));
    options.credentials_file = Some("/missing".into());
    assert!(told(&options).await.contains("`credentials_file` cannot be used"));
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn what_the_server_does_not_allow_is_told_over_nats() {
    let server = NatsServer::with(
        "authorization { users: [ { user: chat, password: x, permissions: { publish: \"other.>\", subscribe: \"other.>\" } } ] }",
    )
    .await;
    let mut options = NatsOptions::url(server.url().replace("//", "//chat:x@"));
    options.timeout = Duration::from_millis(500);
    let error = told(&options).await;
    assert!(error.contains("Permissions Violation") && error.contains("asgi.echo"), "{error}");
    options.prefix = "other".into();
    works(&options).await;
}

/// An authority, a server that it vouches for, and a client.
struct Certificates {
    folder: tempfile::TempDir,
}

impl Certificates {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for authority in ["ca", "other"] {
            let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            params.distinguished_name.push(rcgen::DnType::CommonName, authority);
            let key = rcgen::KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            std::fs::write(folder.path().join(format!("{authority}.pem")), certificate.pem()).unwrap();
            let issuer = rcgen::Issuer::new(params, key);
            for who in ["127.0.0.1", "client"] {
                let key = rcgen::KeyPair::generate().unwrap();
                let params = rcgen::CertificateParams::new(vec![who.to_owned()]).unwrap();
                let certificate = params.signed_by(&key, &issuer).unwrap();
                std::fs::write(folder.path().join(format!("{authority}-{who}.pem")), certificate.pem()).unwrap();
                std::fs::write(folder.path().join(format!("{authority}-{who}.key")), key.serialize_pem()).unwrap();
            }
        }
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self, verify: bool) -> String {
        format!(
            "tls {{ cert_file: {:?}, key_file: {:?}, ca_file: {:?}, verify: {verify}, timeout: 10 }}",
            self.file("ca-127.0.0.1.pem"),
            self.file("ca-127.0.0.1.key"),
            self.file("ca.pem")
        )
    }
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn tls_is_with_whom_we_trust_over_nats() {
    let certificates = Certificates::new();
    let server = NatsServer::with(&certificates.config(false)).await;
    let mut options = NatsOptions::url(server.url());
    options.tls_ca_file = Some(certificates.file("ca.pem"));
    // The server asks for it, whether we do or not.
    works(&options).await;
    options.tls = true;
    works(&options).await;
    options.servers = vec![server.url().replace("nats://", "tls://")];
    works(&options).await;

    for ca in [Some(certificates.file("other.pem")), None] {
        options.tls_ca_file = ca;
        let error = told(&options).await;
        assert!(error.contains("UnknownIssuer") && error.contains("`tls_ca_file`"), "{error}");
    }
    options.tls_ca_file = Some(certificates.file("missing.pem"));
    assert!(told(&options).await.contains("`tls_ca_file` cannot be used"));
    options.tls_ca_file = Some(certificates.file("ca-client.key"));
    assert!(told(&options).await.contains("`tls_ca_file` cannot be used: there is no certificate in it"));
    // A name that its certificate does not have.
    options.tls_ca_file = Some(certificates.file("ca.pem"));
    options.servers = vec![server.url().replace("nats://127.0.0.1", "tls://localhost")];
    let error = told(&options).await;
    assert!(error.contains("not valid for name"), "{error}");

    let plain = NatsServer::new().await;
    options.servers = vec![plain.url()];
    let error = told(&options).await;
    assert!(error.contains("TLS") && error.contains("`servers[0]`"), "nothing is said without TLS: {error}");
}

#[tokio::test]
#[ignore = "needs nats-server"]
async fn a_server_that_asks_for_our_certificate_gets_it_over_nats() {
    let certificates = Certificates::new();
    let server = NatsServer::with(&certificates.config(true)).await;
    let mut options = NatsOptions::url(server.url());
    options.tls_ca_file = Some(certificates.file("ca.pem"));
    let error = told(&options).await;
    assert!(error.contains("`tls_cert_file`"), "{error}");
    options.tls_cert_file = Some(certificates.file("ca-client.pem"));
    let error = told(&options).await;
    assert!(error.contains("set `tls_key_file`"), "{error}");
    options.tls_key_file = Some(certificates.file("ca-client.key"));
    works(&options).await;
    options.tls_key_file = Some(certificates.file("other-client.key"));
    let error = told(&options).await;
    assert!(error.contains("`tls_key_file` cannot be used"), "{error}");
    options.tls_cert_file = Some(certificates.file("other-client.pem"));
    let error = told(&options).await;
    assert!(error.contains("`tls_cert_file`"), "{error}");
}
