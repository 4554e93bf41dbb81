//! `tests/test_routing.py`.

use super::*;

/// Says by which route it was reached.
macro_rules! reached {
    ($name:ident, $path:literal { $($field:ident: $type:ty),* }) => {
        #[consumer($path)]
        struct $name { $($field: $type),* }

        #[consumer]
        impl $name {
            #[connect]
            async fn connect(&mut self, context: &mut Context<Self>) -> Result {
                context.send_json(&json!({"consumer": stringify!($name), $(stringify!($field): self.$field),*})).await
            }
        }
    };
}

reached!(Literal, "/" {});
reached!(Foo, "/foo/" {});
reached!(Number, "/number/{number}/" { number: u32 });
reached!(Name, "/name/{name}/" { name: String });
reached!(NumberAndName, "/number/{number}/name/{name}/" { number: u32, name: String });
reached!(Rest, "/rest/{*rest}" { rest: String });

fn routes() -> Router {
    Router::new()
        .consumer::<Literal>()
        .consumer::<Foo>()
        .consumer::<Number>()
        .consumer::<Name>()
        .consumer::<NumberAndName>()
        .consumer::<Rest>()
}

async fn at(app: Router, path: &str) -> Value {
    let mut client = Communicator::new(app, path);
    client.connect().await.unwrap();
    client.receive_json_from().await.unwrap()
}

#[tokio::test]
async fn test_protocol_type_router() {
    let app = Router::new().route("/page/", get(|| async { "a page" })).consumer::<Foo>();
    assert_eq!(at(app.clone(), "/foo/").await, json!({"consumer": "Foo"}));
    let site = tests::Site::new(app).await;
    let page = tests::ask(site.address, "GET /page/ HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!((page.status, &*page.body), (200, "a page"));
    let socket = tests::ask(site.address, "GET /foo/ HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(socket.status, 426, "another protocol than the route's");
}

#[tokio::test]
async fn test_url_router() {
    assert_eq!(at(routes(), "/").await, json!({"consumer": "Literal"}));
    assert_eq!(at(routes(), "/foo/").await, json!({"consumer": "Foo"}));
    assert_eq!(at(routes(), "/name/Django/").await, json!({"consumer": "Name", "name": "Django"}));
    assert_eq!(at(routes(), "/name/r%C3%A9/?a=b").await, json!({"consumer": "Name", "name": "ré"}));
    assert_eq!(refused(Communicator::new(routes(), "/nonexistent/")).await, 404);
    assert_eq!(refused(Communicator::new(routes(), "/foo")).await, 404);
}

#[tokio::test]
async fn test_url_router_nesting() {
    let app = Router::new().nest("/universe/{universe}", routes());
    assert_eq!(at(app.clone(), "/universe/42/foo/").await, json!({"consumer": "Foo"}));
    assert_eq!(at(app.clone(), "/universe/42/name/a/").await, json!({"consumer": "Name", "name": "a"}));
    assert_eq!(refused(Communicator::new(app, "/universe/42/nonexistent/")).await, 404);
}

#[tokio::test]
async fn test_url_router_nesting_path() {
    let inner = routes().layer(axum::Extension("a layer around the inner router"));
    let app = Router::new().nest("/universe/{universe}", Router::new().nest("/test", inner));
    let expected = json!({"consumer": "NumberAndName", "number": 7, "name": "a"});
    assert_eq!(at(app, "/universe/42/test/number/7/name/a/").await, expected);
}

#[tokio::test]
async fn test_url_router_path() {
    assert_eq!(at(routes(), "/number/42/").await, json!({"consumer": "Number", "number": 42}));
    let expected = json!({"consumer": "NumberAndName", "number": 42, "name": "jane"});
    assert_eq!(at(routes(), "/number/42/name/jane/").await, expected);
    assert_eq!(refused(Communicator::new(routes(), "/number/fortytwo/")).await, 400);
}

#[tokio::test]
async fn test_path_remaining() {
    assert_eq!(at(routes(), "/rest/any/depth/").await, json!({"consumer": "Rest", "rest": "any/depth/"}));
}

#[test]
fn test_invalid_routes() {
    let twice = std::panic::catch_unwind(|| Router::<()>::new().consumer::<Foo>().consumer::<Foo>());
    assert!(twice.is_err(), "two consumers on one path are refused when the app starts");
}
