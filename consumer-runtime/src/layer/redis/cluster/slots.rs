//! Which of a cluster's 16384 slots a name has, and which node has a slot.

use redis::{RedisResult, Value, from_redis_value};

use super::node::Address;

const TABLE: [u16; 256] = table();

/// CRC-16 of each byte, by the polynomial of XMODEM.
const fn table() -> [u16; 256] {
    let (mut table, mut byte) = ([0; 256], 0);
    while byte < 256 {
        let (mut crc, mut bit) = ((byte as u16) << 8, 0);
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// The slot of a name: of what stands between its first braces, where there is something.
pub(super) fn slot(name: &str) -> u16 {
    let tag = name.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(tag, _)| tag);
    let hashed = tag.filter(|tag| !tag.is_empty()).unwrap_or(name);
    let step = |crc: u16, byte: u8| (crc << 8) ^ TABLE[usize::from((crc >> 8) as u8 ^ byte)];
    hashed.bytes().fold(0, step) % 16384
}

/// Ranges of slots, each with its master.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Slots(Vec<(u16, u16, Address)>);

impl Slots {
    /// What `CLUSTER SLOTS` says at a node.
    ///
    /// # Errors
    /// When it is not of that form.
    pub(super) fn read(told: Vec<Value>, at: &Address) -> RedisResult<Self> {
        let mut ranges = Vec::new();
        for range in told {
            // Replicas stand behind the master; without one, nobody has the slots.
            let mut range = from_redis_value::<Vec<Value>>(range)?.into_iter();
            let (Some(from), Some(to), Some(master)) = (range.next(), range.next(), range.next()) else { continue };
            let mut master = from_redis_value::<Vec<Value>>(master)?.into_iter();
            let (Some(host), Some(port)) = (master.next(), master.next()) else { continue };
            // A node that does not know its own address leaves it out.
            let host = from_redis_value::<Option<String>>(host)?.filter(|host| !host.is_empty() && host != "?");
            let host = host.unwrap_or_else(|| at.host.clone());
            ranges.push((
                from_redis_value(from)?,
                from_redis_value(to)?,
                Address { host, port: from_redis_value(port)? },
            ));
        }
        ranges.sort_unstable_by_key(|(from, ..)| *from);
        Ok(Self(ranges))
    }

    /// The node that has a slot.
    pub(super) fn of(&self, slot: u16) -> Option<&Address> {
        let place = self.0.partition_point(|(from, ..)| *from <= slot).checked_sub(1)?;
        let (_, to, node) = &self.0[place];
        (slot <= *to).then_some(node)
    }

    /// Every node that has slots.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Address> {
        self.0.iter().map(|(.., node)| node)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_slot_that_redis_says() {
        // As `CLUSTER KEYSLOT` says.
        for (name, wanted) in [
            ("123456789", 12739),
            ("foo", 12182),
            ("{user1000}.following", 3443),
            ("user1000", 3443),
            ("foo{}{bar}", 8363),
            ("foo{{bar}}zap", 4015),
            ("asgi__group__chat_lobby", 9608),
        ] {
            assert_eq!(slot(name), wanted, "{name}");
        }
    }

    fn node(host: &str, port: i64) -> Value {
        Value::Array(vec![Value::BulkString(host.into()), Value::Int(port), Value::BulkString("id".into())])
    }

    #[test]
    fn slots_are_where_the_cluster_says() {
        let told = vec![
            Value::Array(vec![Value::Int(100), Value::Int(200), node("b", 2), node("replica", 9)]),
            Value::Array(vec![Value::Int(0), Value::Int(50), node("", 1)]),
            Value::Array(vec![Value::Int(60), Value::Int(60)]),
        ];
        let slots = Slots::read(told, &Address { host: "asked".into(), port: 7 }).unwrap();
        let of = |slot| slots.of(slot).map(|node| (node.host.as_str(), node.port));
        assert_eq!([of(0), of(50), of(51), of(60)], [Some(("asked", 1)), Some(("asked", 1)), None, None]);
        assert_eq!([of(99), of(100), of(200), of(201)], [None, Some(("b", 2)), Some(("b", 2)), None]);
        assert!(Slots::read(vec![Value::Int(1)], &Address { host: "a".into(), port: 1 }).is_err());
    }
}
