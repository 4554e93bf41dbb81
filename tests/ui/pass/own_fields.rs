//! Nothing is asked of fields that `#[connect]` fills itself.

use consumer_runtime::prelude::*;

/// Neither `FromStr` nor `Default`, and no extractor.
struct Seat(u8);

#[consumer("/ws/{seat}/{row}")]
struct Hall {
    seat: Seat,
    row: Seat,
    #[extract]
    other: Seat,
    price: Seat,
}

#[consumer]
impl Hall {
    #[connect]
    async fn connect() -> Result<Self, Refusal> {
        Ok(Self { seat: Seat(1), row: Seat(2), other: Seat(3), price: Seat(4) })
    }

    fn sum(&self) -> u8 {
        self.seat.0 + self.row.0 + self.other.0 + self.price.0
    }
}

/// Not every field has a text, only those that name the group.
#[event("tick")]
struct Tick;

#[group("room_{room}", events(Tick))]
struct Room {
    room: u8,
}

#[consumer("/room/{room}", group = Room)]
struct InRoom {
    room: u8,
    seat: Option<Box<Seat>>,
}

#[consumer]
impl InRoom {
    #[event("tick")]
    async fn tick(&mut self, _: &Tick) {
        self.seat = None;
        self.room += 1;
    }
}

/// A consumer in a function.
fn local() -> axum::Router {
    #[event("local")]
    struct Local;

    #[consumer("/local")]
    struct Inside;

    #[consumer]
    impl Inside {
        #[event("local")]
        fn local(_: &Local) -> u8 {
            1
        }
    }

    axum::Router::new().consumer::<Inside>()
}

fn main() {
    let _ = local().consumer::<Hall>().consumer::<InRoom>();
    let _ = Hall::sum;
}
