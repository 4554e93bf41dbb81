//! What so many sockets need, by calculation.

/// Members of a room.
const ROOM: f64 = 100.0;

/// What a frame of 64 bytes is on the wire, with its header and those of TCP, IP and TLS.
const WIRE: f64 = 150.0;

/// What an event is between a process and the broker, on the wire.
const EVENT: f64 = 250.0;

/// How busy a core may be.
const BUSY: f64 = 0.5;

/// In how many seconds all sockets come back after a failure.
const RETURN: f64 = 60.0;

/// How many processes are tried before it is given up; past that something else is wrong.
const MOST: u32 = 1_000_000;

/// What things cost: CPU in seconds, memory in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Costs {
    /// A connection at rest, in the process and in the kernel.
    pub(super) connection: f64,
    /// A frame to one member.
    pub(super) frame: f64,
    pub(super) handshake: f64,
    /// A send, in the process that sends.
    pub(super) send: f64,
    /// A message from the layer, in a process that receives it.
    pub(super) receive: f64,
    /// A send in the broker, before anybody receives it.
    pub(super) broker: f64,
    /// What each process that receives adds to it.
    pub(super) broker_each: f64,
    /// A group in a process.
    pub(super) group: f64,
}

/// How members of a room are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placing {
    /// A connection goes to any process.
    Anywhere,
    /// All of a room go to one process.
    ByRoom,
}

/// What a number of sockets needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Needs {
    /// Processes with one core each.
    pub(super) processes: f64,
    /// How many of them have members of one room.
    pub(super) of_a_room: f64,
    pub(super) sends: f64,
    /// How many messages each process hears a second.
    pub(super) heard: f64,
    /// The share of a process's core that receiving them takes.
    pub(super) bridging: f64,
    pub(super) memory: f64,
    /// Cores of the broker that are busy all the time.
    pub(super) broker: f64,
    /// Brokers, each on one core that is half busy.
    pub(super) brokers: f64,
    /// Bytes a second, to all clients together.
    pub(super) to_clients: f64,
    /// Bytes a second, from the broker to all processes.
    pub(super) from_broker: f64,
    /// How much of the cores the return of all sockets takes.
    pub(super) return_share: f64,
}

/// Rooms of [`ROOM`] members, in which each member gets one frame a second; nothing when no number of processes is enough.
pub(super) fn needs(sockets: f64, costs: Costs, placing: Placing) -> Option<Needs> {
    // One a second to each room.
    let sends = sockets / ROOM;
    let spread = |processes: f64| match placing {
        Placing::ByRoom => 1.0,
        // How many different processes a room of members at random has members in.
        Placing::Anywhere => processes * (1.0 - (1.0 - 1.0 / processes).powf(ROOM)),
    };
    // Each message is heard by as many processes as its room has members in.
    let heard = |processes: f64| sends * spread(processes) / processes;
    let busy = |processes: f64| {
        let frames = sockets / processes * costs.frame;
        frames + heard(processes) * costs.receive + sends / processes * costs.send
    };
    let processes = f64::from(first(|processes| busy(f64::from(processes)) <= BUSY)?);
    let of_a_room = spread(processes);
    let broker = sends * (costs.broker + costs.broker_each * of_a_room);
    Some(Needs {
        processes,
        of_a_room,
        sends,
        heard: heard(processes),
        bridging: heard(processes) * costs.receive,
        memory: sockets * costs.connection + sends * of_a_room * costs.group,
        broker,
        brokers: (broker / BUSY).ceil(),
        to_clients: sockets * WIRE,
        from_broker: sends * of_a_room * EVENT,
        return_share: sockets / RETURN * costs.handshake / processes,
    })
}

/// The smallest number from one on that will do, where all larger ones do too.
fn first(will_do: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = (1, 1);
    while !will_do(high) {
        low = high + 1;
        high *= 2;
        if high > MOST {
            return None;
        }
    }
    while low < high {
        let middle = low.midpoint(high);
        if will_do(middle) { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: Costs = Costs {
        connection: 6_000.0,
        frame: 5e-6,
        handshake: 30e-6,
        send: 10e-6,
        receive: 10e-6,
        broker: 2e-6,
        broker_each: 1e-6,
        group: 1_000.0,
    };

    #[test]
    fn by_room_a_message_goes_to_one_process() {
        let needs = needs(1e6, COSTS, Placing::ByRoom).unwrap();
        // 5 cores of frames, 0.1 each for sending and receiving: 10.4 processes that are half busy.
        assert_eq!((needs.processes, needs.of_a_room, needs.sends), (11.0, 1.0, 10_000.0));
        assert!((needs.broker - 0.03).abs() < 1e-9);
        assert_eq!((needs.brokers, needs.to_clients), (1.0, 150e6));
    }

    #[test]
    fn anywhere_a_message_goes_to_most() {
        let [by_room, anywhere] =
            [Placing::ByRoom, Placing::Anywhere].map(|placing| needs(1e7, COSTS, placing).unwrap());
        assert!(anywhere.of_a_room > 50.0 && anywhere.of_a_room < 100.0);
        assert!(anywhere.processes > 1.5 * by_room.processes && anywhere.brokers > 5.0 * by_room.brokers);
        assert!(anywhere.bridging > 10.0 * by_room.bridging);
    }

    #[test]
    fn one_process_is_the_least() {
        let needs = needs(100.0, COSTS, Placing::Anywhere).unwrap();
        assert_eq!((needs.processes, needs.of_a_room), (1.0, 1.0));
    }

    #[test]
    fn the_first_is_found() {
        for wanted in [1, 2, 3, 7, 100, 4097] {
            assert_eq!(first(|number| number >= wanted), Some(wanted));
        }
        assert_eq!(first(|_| false), None);
    }
}
