//! What the consumers of one `routes!`, and the groups of one consumer, are to each other.

use std::marker::PhantomData;

use super::{paths, text::Text};
use crate::{
    consumer::Consumer,
    group::{
        GroupDeclaration,
        overlap::{example, scratch},
        same,
    },
};

/// One consumer in a list of `routes!`.
#[derive(Debug)]
pub struct Mounted {
    consumer: &'static str,
    /// Empty when the consumer has a mistake of its own.
    path: &'static str,
    groups: &'static [GroupDeclaration],
}

impl Mounted {
    pub const fn new(consumer: &'static str, (path, groups): (&'static str, &'static [GroupDeclaration])) -> Self {
        Self { consumer, path, groups }
    }
}

/// What a type declares: [`DECLARED`](Declares::DECLARED) is the inherent constant of a consumer, and
/// [`DeclaresNothing`]'s of anything else, which the router refuses.
#[derive(Debug)]
pub struct Declares<C>(PhantomData<fn() -> C>);

impl<C: Consumer> Declares<C> {
    pub const DECLARED: (&'static str, &'static [GroupDeclaration]) = (C::DECLARATION.path, C::DECLARATION.groups);
}

/// The answer for all other types.
pub trait DeclaresNothing {
    const DECLARED: (&'static str, &'static [GroupDeclaration]) = ("", &[]);
}

impl<C> DeclaresNothing for Declares<C> {}

/// How much room `mounted` needs for consumer `at` of a list.
pub const fn mounted_room(consumers: &[Mounted], at: usize) -> usize {
    let (mut room, mut earlier) = (0, 0);
    while earlier < at {
        let mut group = 0;
        while group < consumers[at].groups.len() {
            room = more(room, groups_room(consumers[at].groups[group], consumers[earlier].groups));
            group += 1;
        }
        earlier += 1;
    }
    room
}

/// How much room it takes to compare a group with those of a list.
const fn groups_room(group: GroupDeclaration, others: &[GroupDeclaration]) -> usize {
    let (mut room, mut at) = (0, 0);
    while at < others.len() {
        room = more(room, scratch(group.template, others[at].template));
        at += 1;
    }
    room
}

const fn more(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// Consumer `at` of a list shares neither its path nor the name of a group with one before it.
#[track_caller]
pub const fn mounted<const ROOM: usize>(consumers: &[Mounted], at: usize) {
    let mut room = [0; ROOM];
    let new = &consumers[at];
    let mut earlier = 0;
    while earlier < at {
        let old = &consumers[earlier];
        if !new.path.is_empty() && !old.path.is_empty() && paths::conflict(new.path, old.path) {
            path_taken(new, old);
        }
        let mut group = 0;
        while group < new.groups.len() {
            compare(&new.groups[group], new.consumer, old.groups, old.consumer, &mut room);
            group += 1;
        }
        earlier += 1;
    }
}

/// How much room `own_groups` needs for group `at` of a consumer.
pub const fn own_groups_room(groups: &[GroupDeclaration], at: usize) -> usize {
    let (earlier, _) = groups.split_at(at);
    groups_room(groups[at], earlier)
}

/// Group `at` of a consumer can't have the name of one before it.
#[track_caller]
pub const fn own_groups<const ROOM: usize>(consumer: &str, groups: &[GroupDeclaration], at: usize) {
    let (earlier, _) = groups.split_at(at);
    compare(&groups[at], consumer, earlier, consumer, &mut [0; ROOM]);
}

#[track_caller]
const fn path_taken(new: &Mounted, old: &Mounted) -> ! {
    let text = Text::new().push("`").push(new.consumer).push("` is mounted at \"").push(new.path);
    let text = if same(new.path, old.path) {
        text.push("\", where `").push(old.consumer).push("` is already")
    } else {
        text.push("\", which takes the same requests as \"").push(old.path).push("\" of `").push(old.consumer).push("`")
    };
    text.push("; give one another path, or mount it elsewhere with `C::route()`").fail()
}

#[track_caller]
const fn compare(new: &GroupDeclaration, of_new: &str, others: &[GroupDeclaration], of_others: &str, room: &mut [u64]) {
    let mut at = 0;
    while at < others.len() {
        let old = &others[at];
        if !new.is_declared_with(old)
            && let Some(example) = example(new.template, old.template, room)
        {
            let distinct = !same(new.group, old.group);
            let text = name(Text::new(), new, of_new, distinct).push(" and ");
            name(text, old, of_others, distinct)
                .push(", so both can be \"")
                .push(example.as_str())
                .push("\", and members of one would get what is sent to the other; begin one template differently, or use one group type for both")
                .fail();
        }
        at += 1;
    }
}

/// How a message calls a group; its module only where its name is not enough.
const fn name(text: Text, group: &GroupDeclaration, consumer: &str, distinct: bool) -> Text {
    let text = if group.own {
        text.push("the group of `")
    } else if distinct {
        text.push("group `").push(group.group).push("` of `")
    } else {
        text.push("group `").push(group.module).push("::").push(group.group).push("` of `")
    };
    text.push(consumer).push("` is named \"").push(group.template).push("\"")
}
