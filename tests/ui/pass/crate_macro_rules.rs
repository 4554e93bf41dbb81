//! A macro that writes a consumer finds the runtime by its own crate: `crate = $crate::..`.

#![allow(dead_code)]

mod framework {
    pub use consumer_runtime as runtime;
}

macro_rules! echo {
    ($name:ident, $event:ident) => {
        #[$crate::framework::runtime::event("echo.said", crate = $crate::framework::runtime)]
        struct $event {
            text: String,
        }

        #[$crate::framework::runtime::consumer("/echo", group = "echo", crate = $crate::framework::runtime)]
        struct $name;

        #[$crate::framework::runtime::consumer(crate = $crate::framework::runtime)]
        impl $name {
            #[event("echo.said")]
            fn said(event: &$event) -> String {
                event.text.clone()
            }
        }
    };
}

echo!(Echo, Said);

fn inside_a_function() {
    echo!(Inner, Heard);
    let _ = Heard { text: String::new() };
}

fn main() {
    use consumer_runtime::RouterExt;
    inside_a_function();
    let _: axum::Router = axum::Router::new().consumer::<Echo>();
}
