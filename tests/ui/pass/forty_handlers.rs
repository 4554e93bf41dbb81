//! Forty handlers.

use consumer_runtime::prelude::*;

#[event("event.0")]
struct Event0 {
    value: u32,
}

#[event("event.1")]
struct Event1 {
    value: u32,
}

#[event("event.2")]
struct Event2 {
    value: u32,
}

#[event("event.3")]
struct Event3 {
    value: u32,
}

#[event("event.4")]
struct Event4 {
    value: u32,
}

#[event("event.5")]
struct Event5 {
    value: u32,
}

#[event("event.6")]
struct Event6 {
    value: u32,
}

#[event("event.7")]
struct Event7 {
    value: u32,
}

#[event("event.8")]
struct Event8 {
    value: u32,
}

#[event("event.9")]
struct Event9 {
    value: u32,
}

#[event("event.10")]
struct Event10 {
    value: u32,
}

#[event("event.11")]
struct Event11 {
    value: u32,
}

#[event("event.12")]
struct Event12 {
    value: u32,
}

#[event("event.13")]
struct Event13 {
    value: u32,
}

#[event("event.14")]
struct Event14 {
    value: u32,
}

#[event("event.15")]
struct Event15 {
    value: u32,
}

#[event("event.16")]
struct Event16 {
    value: u32,
}

#[event("event.17")]
struct Event17 {
    value: u32,
}

#[event("event.18")]
struct Event18 {
    value: u32,
}

#[event("event.19")]
struct Event19 {
    value: u32,
}

#[event("event.20")]
struct Event20 {
    value: u32,
}

#[event("event.21")]
struct Event21 {
    value: u32,
}

#[event("event.22")]
struct Event22 {
    value: u32,
}

#[event("event.23")]
struct Event23 {
    value: u32,
}

#[event("event.24")]
struct Event24 {
    value: u32,
}

#[event("event.25")]
struct Event25 {
    value: u32,
}

#[event("event.26")]
struct Event26 {
    value: u32,
}

#[event("event.27")]
struct Event27 {
    value: u32,
}

#[event("event.28")]
struct Event28 {
    value: u32,
}

#[event("event.29")]
struct Event29 {
    value: u32,
}

#[event("event.30")]
struct Event30 {
    value: u32,
}

#[event("event.31")]
struct Event31 {
    value: u32,
}

#[event("event.32")]
struct Event32 {
    value: u32,
}

#[event("event.33")]
struct Event33 {
    value: u32,
}

#[event("event.34")]
struct Event34 {
    value: u32,
}

#[event("event.35")]
struct Event35 {
    value: u32,
}

#[event("event.36")]
struct Event36 {
    value: u32,
}

#[event("event.37")]
struct Event37 {
    value: u32,
}

#[event("event.38")]
struct Event38 {
    value: u32,
}

#[event("event.39")]
struct Event39 {
    value: u32,
}

#[consumer("/ws")]
struct Many {
    sum: u32,
}

#[consumer]
impl Many {
    #[event("event.0")]
    async fn on_0(&mut self, event: &Event0, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("0").await
    }

    #[event("event.1")]
    async fn on_1(&mut self, event: &Event1, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("1").await
    }

    #[event("event.2")]
    async fn on_2(&mut self, event: &Event2, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("2").await
    }

    #[event("event.3")]
    async fn on_3(&mut self, event: &Event3, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("3").await
    }

    #[event("event.4")]
    async fn on_4(&mut self, event: &Event4, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("4").await
    }

    #[event("event.5")]
    async fn on_5(&mut self, event: &Event5, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("5").await
    }

    #[event("event.6")]
    async fn on_6(&mut self, event: &Event6, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("6").await
    }

    #[event("event.7")]
    async fn on_7(&mut self, event: &Event7, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("7").await
    }

    #[event("event.8")]
    async fn on_8(&mut self, event: &Event8, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("8").await
    }

    #[event("event.9")]
    async fn on_9(&mut self, event: &Event9, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("9").await
    }

    #[event("event.10")]
    async fn on_10(&mut self, event: &Event10, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("10").await
    }

    #[event("event.11")]
    async fn on_11(&mut self, event: &Event11, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("11").await
    }

    #[event("event.12")]
    async fn on_12(&mut self, event: &Event12, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("12").await
    }

    #[event("event.13")]
    async fn on_13(&mut self, event: &Event13, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("13").await
    }

    #[event("event.14")]
    async fn on_14(&mut self, event: &Event14, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("14").await
    }

    #[event("event.15")]
    async fn on_15(&mut self, event: &Event15, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("15").await
    }

    #[event("event.16")]
    async fn on_16(&mut self, event: &Event16, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("16").await
    }

    #[event("event.17")]
    async fn on_17(&mut self, event: &Event17, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("17").await
    }

    #[event("event.18")]
    async fn on_18(&mut self, event: &Event18, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("18").await
    }

    #[event("event.19")]
    async fn on_19(&mut self, event: &Event19, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("19").await
    }

    #[event("event.20")]
    async fn on_20(&mut self, event: &Event20, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("20").await
    }

    #[event("event.21")]
    async fn on_21(&mut self, event: &Event21, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("21").await
    }

    #[event("event.22")]
    async fn on_22(&mut self, event: &Event22, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("22").await
    }

    #[event("event.23")]
    async fn on_23(&mut self, event: &Event23, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("23").await
    }

    #[event("event.24")]
    async fn on_24(&mut self, event: &Event24, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("24").await
    }

    #[event("event.25")]
    async fn on_25(&mut self, event: &Event25, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("25").await
    }

    #[event("event.26")]
    async fn on_26(&mut self, event: &Event26, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("26").await
    }

    #[event("event.27")]
    async fn on_27(&mut self, event: &Event27, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("27").await
    }

    #[event("event.28")]
    async fn on_28(&mut self, event: &Event28, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("28").await
    }

    #[event("event.29")]
    async fn on_29(&mut self, event: &Event29, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("29").await
    }

    #[event("event.30")]
    async fn on_30(&mut self, event: &Event30, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("30").await
    }

    #[event("event.31")]
    async fn on_31(&mut self, event: &Event31, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("31").await
    }

    #[event("event.32")]
    async fn on_32(&mut self, event: &Event32, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("32").await
    }

    #[event("event.33")]
    async fn on_33(&mut self, event: &Event33, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("33").await
    }

    #[event("event.34")]
    async fn on_34(&mut self, event: &Event34, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("34").await
    }

    #[event("event.35")]
    async fn on_35(&mut self, event: &Event35, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("35").await
    }

    #[event("event.36")]
    async fn on_36(&mut self, event: &Event36, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("36").await
    }

    #[event("event.37")]
    async fn on_37(&mut self, event: &Event37, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("37").await
    }

    #[event("event.38")]
    async fn on_38(&mut self, event: &Event38, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("38").await
    }

    #[event("event.39")]
    async fn on_39(&mut self, event: &Event39, context: &mut Context<Self>) -> Result {
        self.sum += event.value;
        context.send_text("39").await
    }
}

fn main() {
    let _: axum::Router = axum::Router::new().consumer::<Many>();
}
