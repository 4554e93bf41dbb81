//! Every order in which joins, leaves, sends and slices can meet in a group, tried one after the other.
//!
//! The seats and the round are the real ones. Around them stand the lines of [`Group`](super::Group) that take the lock,
//! written down once more with a lock that the model can see, and slices of one member. Whoever changes those lines
//! changes these.

use std::sync::Mutex as Untracked;

use loom::{
    sync::{
        Arc, Mutex, Notify,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use super::{
    round::{Number, Round},
    seats::Seats,
};

/// What one member has got.
type Mailbox = std::sync::Arc<Untracked<Vec<&'static str>>>;

struct Member {
    mailbox: Mailbox,
    has: Number,
}

#[derive(Default)]
struct Members {
    seats: Seats<Member>,
    round: Round<&'static str>,
    scheduled: bool,
}

struct Group {
    members: Mutex<Members>,
    under_way: AtomicBool,
    /// Slices that are to be served.
    jobs: Mutex<usize>,
    flusher: Notify,
}

impl Members {
    fn serve_slice(&mut self) {
        let seats = self.round.seats(1, self.seats.end());
        for member in self.seats.range_mut(seats.clone()) {
            member.serve(&self.round);
        }
        self.round.advance(seats.end, self.seats.end());
    }

    fn serve_one(&mut self, seat: u32) {
        if let Some(member) = self.seats.get_mut(seat)
            && !self.round.is_done()
        {
            member.serve(&self.round);
        }
    }
}

impl Member {
    fn serve(&mut self, round: &Round<&'static str>) {
        let from = std::mem::replace(&mut self.has, round.next());
        self.mailbox.lock().unwrap().extend(round.missing(from));
    }
}

impl Group {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            members: Mutex::default(),
            under_way: AtomicBool::new(false),
            jobs: Mutex::new(0),
            flusher: Notify::new(),
        })
    }

    fn join(&self) -> (u32, Mailbox) {
        let mailbox = Mailbox::default();
        let mut members = self.members.lock().unwrap();
        let member = Member { mailbox: Mailbox::clone(&mailbox), has: members.round.next() };
        (members.seats.take(member).unwrap(), mailbox)
    }

    fn leave(&self, seat: u32) {
        let mut members = self.members.lock().unwrap();
        members.serve_one(seat);
        members.seats.give_up(seat).unwrap();
    }

    fn send(&self, text: &'static str) {
        let mut members = self.members.lock().unwrap();
        if members.seats.taken() == 0 {
            return;
        }
        members.round.push(text);
        self.under_way.store(true, Ordering::Release);
        if !std::mem::replace(&mut members.scheduled, true) {
            drop(members);
            self.schedule();
        }
    }

    fn schedule(&self) {
        *self.jobs.lock().unwrap() += 1;
        self.flusher.notify();
    }

    /// Something for one member alone, which must not overtake what was sent to the group before.
    fn send_to(&self, seat: u32, mailbox: &Mailbox, text: &'static str) {
        if self.under_way.load(Ordering::Acquire) {
            self.members.lock().unwrap().serve_one(seat);
        }
        mailbox.lock().unwrap().push(text);
    }

    fn serve(&self) {
        let mut members = self.members.lock().unwrap();
        members.serve_slice();
        let more = !members.round.is_done();
        members.scheduled = more;
        if !more {
            self.under_way.store(false, Ordering::Release);
        }
        drop(members);
        if more {
            self.schedule();
        }
    }

    /// The flusher: until it is told to end, and nothing is left to serve.
    fn flush(&self, ends: &AtomicBool) {
        loop {
            // Before the jobs: whoever tells it to end has given it all of them.
            let last = ends.load(Ordering::Acquire);
            let job = {
                let mut jobs = self.jobs.lock().unwrap();
                let some = *jobs > 0;
                *jobs -= usize::from(some);
                some
            };
            if job {
                self.serve();
            } else if last {
                return;
            } else {
                self.flusher.wait();
            }
        }
    }
}

/// Runs `test` beside a flusher, in all orders with at most two preemptions; then everything is served.
fn beside_a_flusher(test: impl Fn(&Arc<Group>) + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(move || {
        let (group, ends) = (Group::new(), Arc::new(AtomicBool::new(false)));
        let flusher = {
            let (group, ends) = (Arc::clone(&group), Arc::clone(&ends));
            thread::spawn(move || group.flush(&ends))
        };
        test(&group);
        ends.store(true, Ordering::Release);
        group.flusher.notify();
        flusher.join().unwrap();
        let members = group.members.lock().unwrap();
        assert!(members.round.is_done() && !members.scheduled, "everything is served");
    });
}

fn start(group: &Arc<Group>, run: impl FnOnce(&Group) + 'static) -> thread::JoinHandle<()> {
    let group = Arc::clone(group);
    thread::spawn(move || run(&group))
}

fn got(mailbox: &Mailbox) -> Vec<&'static str> {
    mailbox.lock().unwrap().clone()
}

#[test]
fn who_leaves_has_everything_that_was_sent_before_and_who_stays_gets_it_once() {
    beside_a_flusher(|group| {
        let members = [group.join(), group.join()];
        let boxes = [0, 1].map(|index| Mailbox::clone(&members[index].1));
        let leaving = start(group, move |group| {
            let (seat, mailbox) = &members[0];
            group.send("mine");
            group.leave(*seat);
            assert!(got(mailbox).contains(&"mine"));
        });
        group.send("first");
        group.send("second");
        leaving.join().unwrap();
        group.send("last");
        group.leave(1);
        let [left, stayed] = boxes.map(|mailbox| got(&mailbox));
        assert!(stayed.starts_with(&left), "{left:?} {stayed:?}");
        let stayed: Vec<_> = stayed.into_iter().filter(|text| *text != "mine").collect();
        assert_eq!(stayed, ["first", "second", "last"]);
    });
}

#[test]
fn who_joins_gets_what_is_sent_from_then_on() {
    beside_a_flusher(|group| {
        let (seat, mailbox) = group.join();
        let joining = start(group, |group| {
            let (seat, mailbox) = group.join();
            group.send("mine");
            group.leave(seat);
            let got = got(&mailbox);
            assert_eq!(got.iter().filter(|text| **text == "mine").count(), 1);
            let others: Vec<_> = got.into_iter().filter(|text| *text != "mine").collect();
            assert!(["first", "second"].windows(others.len().max(1)).any(|part| part == others) || others.is_empty());
        });
        group.send("first");
        group.send("second");
        joining.join().unwrap();
        group.leave(seat);
        let got = got(&mailbox);
        assert_eq!(got.iter().filter(|text| **text == "mine").count(), 1);
        assert_eq!(got.into_iter().filter(|text| *text != "mine").collect::<Vec<_>>(), ["first", "second"]);
    });
}

#[test]
fn what_follows_by_another_way_overtakes_nothing() {
    beside_a_flusher(|group| {
        let (_, first) = group.join();
        let (seat, mailbox) = group.join();
        let sending = start(group, |group| group.send("of another"));
        group.send("to all");
        group.send_to(seat, &mailbox, "to one");
        sending.join().unwrap();
        group.leave(seat);
        let got: Vec<_> = got(&mailbox).into_iter().filter(|text| *text != "of another").collect();
        assert_eq!(got, ["to all", "to one"]);
        drop(first);
    });
}
