//! A Redis Cluster of one's own.

use crate::{RedisServer, soon};

/// Three masters that have a third of the slots each, and a replica of the first; they end with the test.
#[derive(Debug)]
pub struct RedisCluster {
    /// The masters, and then the replica.
    pub nodes: Vec<RedisServer>,
    ids: Vec<String>,
}

async fn until(node: &RedisServer, command: &str, told: &str) {
    soon(&format!("{command} tells {told}"), async {
        while !node.say_all(command).await.contains(told) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn done(node: &RedisServer, command: &str) {
    assert_eq!(node.say(command).await, "+OK", "{command}");
}

impl RedisCluster {
    /// Starts one, and waits until its nodes agree.
    ///
    /// # Panics
    /// When they do not.
    pub async fn new() -> Self {
        let (mut nodes, mut buses, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..4 {
            let (node, bus) = RedisServer::node().await;
            if place < 3 {
                let slots = [(0, 5460), (5461, 10922), (10923, 16383)];
                done(&node, &format!("CLUSTER ADDSLOTSRANGE {} {}", slots[place].0, slots[place].1)).await;
            }
            done(&node, &format!("CLUSTER SET-CONFIG-EPOCH {}", place + 1)).await;
            let told = node.say_all("CLUSTER MYID").await;
            ids.push(told.lines().nth(1).expect("an id").to_owned());
            nodes.push(node);
            buses.push(bus);
        }
        for place in 1..4 {
            done(&nodes[0], &format!("CLUSTER MEET 127.0.0.1 {} {}", nodes[place].port(), buses[place])).await;
        }
        for node in &nodes {
            until(node, "CLUSTER INFO", "cluster_known_nodes:4").await;
            until(node, "CLUSTER INFO", "cluster_slots_ok:16384").await;
            until(node, "CLUSTER INFO", "cluster_state:ok").await;
        }
        done(&nodes[3], &format!("CLUSTER REPLICATE {}", ids[0])).await;
        until(&nodes[3], "INFO replication", "master_link_status:up").await;
        for node in &nodes {
            until(node, &format!("CLUSTER REPLICAS {}", ids[0]), &ids[3]).await;
        }
        Self { nodes, ids }
    }

    /// The slot of a name.
    ///
    /// # Panics
    /// When no node answers.
    pub async fn slot(&self, name: &str) -> u16 {
        let told = self.nodes[1].say(&format!("CLUSTER KEYSLOT {name}")).await;
        told.trim_start_matches(':').parse().expect("a slot")
    }

    /// Moves a slot, in which nothing is stored, from one master to another, and waits until all masters know.
    ///
    /// # Panics
    /// When they do not.
    pub async fn move_slot(&self, slot: u16, from: usize, to: usize) {
        done(&self.nodes[to], &format!("CLUSTER SETSLOT {slot} IMPORTING {}", self.ids[from])).await;
        done(&self.nodes[from], &format!("CLUSTER SETSLOT {slot} MIGRATING {}", self.ids[to])).await;
        for node in [to, from] {
            done(&self.nodes[node], &format!("CLUSTER SETSLOT {slot} NODE {}", self.ids[to])).await;
        }
    }

    /// Waits until a node of those that run says something of the cluster.
    ///
    /// # Panics
    /// When it does not.
    pub async fn until(&self, node: usize, command: &str, told: &str) {
        until(&self.nodes[node], command, told).await;
    }
}
