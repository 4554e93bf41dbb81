//! Handlers stay ordinary methods.

use consumer_runtime::prelude::*;

#[event("tick")]
struct Tick {
    number: u32,
}

#[consumer("/ws")]
#[derive(Default)]
struct Counter {
    sum: u32,
}

#[consumer]
impl Counter {
    #[event("tick")]
    async fn tick(&mut self, tick: &Tick) -> Result {
        self.sum += tick.number;
        Ok(())
    }
}

#[tokio::main]
async fn main() {
    let mut counter = Counter::default();
    counter.tick(&Tick { number: 2 }).await.unwrap();
    assert_eq!(counter.sum, 2);
}
