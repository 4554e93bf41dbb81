//! Bearer tokens in headers and subprotocols, and JSON Web Tokens.

use std::time::{Duration, SystemTime};

use axum::{
    Router,
    extract::FromRef,
    http::{StatusCode, header},
};
use consumer_runtime::{BearerToken, InvalidJwt, Jwt, JwtVerifier, prelude::*, testing::Communicator};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PublicKeyData};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tells the token.
#[consumer("/ws/token/", subprotocols("v1.chat"))]
struct WithToken;

#[consumer]
impl WithToken {
    #[connect]
    async fn connect(&mut self, scope: Scope, token: BearerToken, context: &mut Context<Self>) -> Result<(), Refusal> {
        assert!(!format!("{token:?}").contains(token.as_str()));
        assert!(scope.subprotocols().iter().all(|name| name == "v1.chat"), "the token is nobody else's business");
        Ok(context.send_text(token.as_str()).await?)
    }
}

/// Lets in who has none.
#[consumer("/ws/anybody/")]
struct Anybody;

#[consumer]
impl Anybody {
    #[connect]
    async fn connect(&mut self, token: Option<BearerToken>, context: &mut Context<Self>) -> Result<(), Refusal> {
        Ok(context.send_text(token.map_or("nobody".to_owned(), |token| token.as_str().to_owned())).await?)
    }
}

fn client(path: &str) -> Communicator {
    let app = Router::new().consumer::<WithToken>().consumer::<Anybody>();
    Communicator::new(app.with_channels(Channels::memory()), path)
}

#[tokio::test]
async fn a_token_comes_in_a_header() {
    for value in ["Bearer abc", "bearer abc", "BEARER  abc"] {
        let mut client = client("/ws/token/").header("authorization", value);
        assert_eq!(client.connect().await.unwrap().subprotocol, None);
        assert_eq!(client.receive_text_from().await.unwrap(), "abc");
    }
}

#[tokio::test]
async fn a_token_comes_in_a_subprotocol_and_is_never_echoed() {
    for (offered, agreed) in [
        (&["bearer", "bearer.a.b-c_d"][..], Some("bearer")),
        (&["bearer.a.b-c_d", "bearer", "v1.chat"], Some("v1.chat")),
    ] {
        let mut client = client("/ws/token/").subprotocols(offered);
        assert_eq!(client.connect().await.unwrap().subprotocol.as_deref(), agreed, "{offered:?}");
        assert_eq!(client.receive_text_from().await.unwrap(), "a.b-c_d");
    }
}

/// As a browser, the client hangs up on a server that agrees on nothing that it offers.
#[tokio::test]
async fn a_token_alone_is_nothing_to_agree_on() {
    assert!(client("/ws/token/").subprotocols(&["bearer.a.b-c_d"]).connect().await.is_err());
}

#[tokio::test]
async fn no_token_is_401_and_several_are_400() {
    let (status, headers, text) = client("/ws/token/").refused().await.unwrap();
    assert_eq!((status, headers[header::WWW_AUTHENTICATE].to_str().unwrap()), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert!(text.contains("bearer.<token>"), "{text}");
    for wrong in ["Basic YTpi", "Bearer ", "Bearer"] {
        let mut client = client("/ws/token/").header("authorization", wrong);
        assert_eq!(client.refused().await.unwrap().0, StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    let mut both = client("/ws/token/").header("authorization", "Bearer a").subprotocols(&["bearer", "bearer.b"]);
    assert_eq!(both.refused().await.unwrap().0, StatusCode::BAD_REQUEST);
    let mut nobody = client("/ws/anybody/");
    nobody.connect().await.unwrap();
    assert_eq!(nobody.receive_text_from().await.unwrap(), "nobody");
}

#[derive(Deserialize)]
struct Claims {
    name: String,
}

#[derive(Clone)]
struct Keys {
    verifier: JwtVerifier,
}

impl FromRef<Keys> for JwtVerifier {
    fn from_ref(keys: &Keys) -> Self {
        keys.verifier.clone()
    }
}

/// Takes a new token in place.
#[consumer("/ws/jwt/", sends(String))]
struct WithJwt {
    verifier: Option<JwtVerifier>,
}

#[consumer]
impl WithJwt {
    #[connect]
    async fn connect(
        axum::extract::State(keys): axum::extract::State<Keys>,
        jwt: Jwt<Claims>,
        context: &mut Context<Self>,
    ) -> Result<Self, Refusal> {
        context.send_text(format!("{} {:?}", jwt.claims.name, context.user_id())).await?;
        Ok(Self { verifier: Some(keys.verifier) })
    }

    #[receive(text)]
    async fn receive(&mut self, token: String, context: &mut Context<Self>) -> Result {
        let verifier = self.verifier.as_ref().ok_or_else(|| Error::msg("set in connect"))?;
        context.stay_until(verifier.verify::<Claims>(&token)?.expires_at());
        context.send_text("stays").await
    }
}

const SECRET: &[u8] = b"a secret that is 32 bytes long..";

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

fn claims(changes: Value) -> Value {
    let mut claims = json!({"name": "Ann", "exp": now() + 3600});
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims
}

fn signed(changes: Value) -> String {
    let key = EncodingKey::from_secret(SECRET).unwrap();
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(changes), &key).unwrap()
}

fn verifier() -> JwtVerifier {
    JwtVerifier::secret(SECRET).unwrap()
}

fn why(verifier: &JwtVerifier, token: &str) -> Option<InvalidJwt> {
    verifier.verify::<Claims>(token).err()
}

fn jwt_client(token: &str) -> Communicator {
    let app = Router::new().consumer::<WithJwt>().with_channels(Channels::memory());
    let app = app.with_state(Keys { verifier: verifier() });
    Communicator::new(app, "/ws/jwt/").subprotocols(&["bearer", &format!("bearer.{token}")])
}

#[tokio::test]
async fn a_jwt_says_who_it_is_and_for_how_long() {
    // Expired, as seen by the clock alone, within the leeway.
    let mut client = jwt_client(&signed(json!({"sub": "42", "exp": now() - 5})));
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), r#"Ann Some("42")"#);
    assert_eq!(client.receive_close().await.unwrap().0, 4401);
}

#[tokio::test]
async fn a_new_jwt_is_taken_in_place() {
    let mut client = jwt_client(&signed(json!({"exp": now() + 5})));
    client.connect().await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "Ann None");
    client.send_text_to(&signed(json!({}))).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "stays");
    tokio::time::sleep(Duration::from_millis(5500)).await;
    client.send_text_to("no token").await.unwrap();
    assert_eq!(client.receive_json_from::<Value>().await.unwrap()["code"], "internal");
    client.send_text_to(&signed(json!({}))).await.unwrap();
    assert_eq!(client.receive_text_from().await.unwrap(), "stays");
}

#[tokio::test]
async fn a_bad_jwt_is_401_and_says_no_more_than_that() {
    let (status, headers, text) = jwt_client(&signed(json!({"exp": now() - 60}))).refused().await.unwrap();
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(headers[header::WWW_AUTHENTICATE].to_str().unwrap().contains("expired"));
    assert!(text.contains("get a new one"), "{text}");
    for token in ["a.b.c".to_owned(), signed(json!({"name": 7})), signed(json!({})) + "x"] {
        let (status, _, text) = jwt_client(&token).refused().await.unwrap();
        assert_eq!((status, &*text), (StatusCode::UNAUTHORIZED, "the token is not valid here\n"), "{token}");
    }
}

#[test]
fn what_a_token_must_say() {
    let plain = verifier();
    assert_eq!(why(&plain, &signed(json!({}))), None);
    assert_eq!(why(&plain, &signed(json!({"exp": now() - 31}))), Some(InvalidJwt::Expired));
    assert_eq!(why(&plain, &signed(json!({"exp": now() - 20}))), None, "within the leeway");
    assert_eq!(why(&plain, &signed(json!({"nbf": now() + 60}))), Some(InvalidJwt::TooEarly));
    assert!(matches!(why(&plain, &signed(json!({"exp": null}))), Some(InvalidJwt::Claims(_))));
    assert!(matches!(why(&plain, &signed(json!({"name": null}))), Some(InvalidJwt::Claims(_))));
    assert_eq!(why(&plain, &signed(json!({"aud": "chat"}))), Some(InvalidJwt::Audience), "none is allowed");
    assert_eq!(why(&plain, ""), Some(InvalidJwt::Malformed));
    let strict = verifier().audience(["chat", "feed"]).issuer(["https://a.example"]).leeway(Duration::ZERO);
    let good = json!({"aud": ["feed"], "iss": "https://a.example"});
    assert_eq!(why(&strict, &signed(good)), None);
    assert_eq!(why(&strict, &signed(json!({"aud": "x", "iss": "https://a.example"}))), Some(InvalidJwt::Audience));
    assert_eq!(why(&strict, &signed(json!({"aud": "chat", "iss": "https://b.example"}))), Some(InvalidJwt::Issuer));
    assert!(matches!(why(&strict, &signed(json!({"aud": "chat"}))), Some(InvalidJwt::Claims(_))), "no issuer");
    assert_eq!(
        why(&strict, &signed(json!({"aud": "chat", "iss": "https://a.example", "exp": now() - 2}))),
        Some(InvalidJwt::Expired)
    );
}

/// A token chooses no algorithm of another kind than the key is of, `none` above all.
#[test]
fn a_token_cannot_choose_how_it_is_verified() {
    let ec = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let verifier = JwtVerifier::ec_pem(ec.public_key_pem()).unwrap();
    let by_ec = |key: &KeyPair| {
        let key = EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims(json!({})), &key).unwrap()
    };
    assert_eq!(why(&verifier, &by_ec(&ec)), None);
    assert_eq!(
        why(&verifier, &by_ec(&KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap())),
        Some(InvalidJwt::Signature)
    );
    // The public key, taken for a secret.
    let key = EncodingKey::from_secret(ec.public_key_pem().as_bytes()).unwrap();
    let confused = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims(json!({})), &key).unwrap();
    assert_eq!(why(&verifier, &confused), Some(InvalidJwt::Signature));
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", signed(json!({})).split('.').nth(1).unwrap());
    assert!(matches!(why(&verifier, &none), Some(InvalidJwt::Malformed | InvalidJwt::Signature)));
    assert!(JwtVerifier::ec_pem("no key").unwrap_err().to_string().contains("PEM"));
    assert!(JwtVerifier::secret("").is_err());
    assert!(!format!("{:?}", self::verifier()).contains("secret that"));
}

#[test]
fn a_set_of_keys_has_one_for_each_kid() {
    let keys: Vec<_> = (0..2).map(|_| KeyPair::generate_for(&PKCS_ED25519).unwrap()).collect();
    let public = |key: &KeyPair| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(key.der_bytes())
    };
    let jwk = |kid: usize| json!({"kty": "OKP", "crv": "Ed25519", "kid": kid.to_string(), "x": public(&keys[kid])});
    let set = json!({"keys": [jwk(0), jwk(1), {"kty": "oct", "kid": "odd"}]});
    let signed = |key: usize, kid: Option<&str>| {
        let key = EncodingKey::from_ed_pem(keys[key].serialize_pem().as_bytes()).unwrap();
        let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims(json!({})), &key).unwrap()
    };
    let verifier = JwtVerifier::jwks(&set.to_string()).unwrap();
    assert_eq!(why(&verifier, &signed(0, Some("0"))), None);
    assert_eq!(why(&verifier, &signed(1, Some("1"))), None);
    assert_eq!(why(&verifier, &signed(1, None)), None);
    assert_eq!(why(&verifier, &signed(1, Some("0"))), Some(InvalidJwt::Signature));
    assert_eq!(why(&verifier, &signed(1, Some("2"))), Some(InvalidJwt::Signature));
    assert!(JwtVerifier::jwks(r#"{"keys": []}"#).unwrap_err().to_string().contains("no usable key"));
    assert!(JwtVerifier::jwks("[]").is_err());
}
