//! The types of groups that one application uses.

use std::{
    any::TypeId,
    collections::HashSet,
    fmt,
    sync::{PoisonError, RwLock},
};

use crate::group::{
    GroupDeclaration,
    overlap::{example, scratch},
};

/// The group types that some [`Channels`](super::Channels) have met.
///
/// No two of them can give one name: whoever brings the second is refused, each time again. `routes!` finds the same
/// while compiling, but only among groups that its consumers declare.
#[derive(Default)]
pub(super) struct Registry(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// Written when a type comes for the first time; read by every join and every send to a group.
    met: HashSet<TypeId>,
    groups: Vec<GroupDeclaration>,
}

impl Registry {
    /// Lets everything pass that comes with `T` and was let in once; else looks at what `T` declares.
    pub(super) fn meet<T: 'static>(&self, groups: &[GroupDeclaration]) -> Result<(), Clash> {
        let id = TypeId::of::<T>();
        if self.0.read().unwrap_or_else(PoisonError::into_inner).met.contains(&id) {
            return Ok(());
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut new = Vec::new();
        for group in groups.iter().filter(|group| !known.groups.iter().any(|known| known.is(group))) {
            for other in known.groups.iter().chain(&new) {
                if let Some(clash) = Clash::of(group, other) {
                    return Err(clash);
                }
            }
            new.push(*group);
        }
        known.groups.append(&mut new);
        known.met.insert(id);
        Ok(())
    }
}

/// Two types of groups that can give one name.
#[derive(Debug)]
pub(crate) struct Clash {
    new: GroupDeclaration,
    known: GroupDeclaration,
    example: String,
}

impl Clash {
    fn of(new: &GroupDeclaration, known: &GroupDeclaration) -> Option<Self> {
        if new.is(known) {
            return None;
        }
        let mut room = vec![0; scratch(new.template, known.template)];
        let example = example(new.template, known.template, &mut room)?.as_str().to_owned();
        Some(Self { new: *new, known: *known, example })
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { new, known, example } = self;
        write!(
            f,
            "{new} and {known}, so both can be {example:?}, and members of one would get what is sent to the other; begin one template differently, or use one group type for both"
        )
    }
}

impl std::error::Error for Clash {}

#[cfg(test)]
mod tests {
    use super::*;

    struct Room;
    struct Lobby;
    struct Hall;
    struct Chat;

    fn declared<G: 'static>(group: &'static str, template: &'static str) -> GroupDeclaration {
        GroupDeclaration::new::<G>(group, template, "tests", 1, 1)
    }

    #[test]
    fn what_is_refused_is_not_known_and_refused_again() {
        let registry = Registry::default();
        let (room, lobby) = (declared::<Room>("Room", "chat_{room}"), declared::<Lobby>("Lobby", "chat_lobby"));
        let hall = declared::<Hall>("Hall", "hall");
        registry.meet::<Room>(&[room]).unwrap();
        for _ in 0..2 {
            let clash = registry.meet::<Chat>(&[hall, lobby]).unwrap_err();
            assert_eq!((clash.new.group, clash.known.group, &*clash.example), ("Lobby", "Room", "chat_lobby"));
        }
        // Nothing of it was kept, so that the order of first uses decides as if it had never come.
        registry.meet::<Lobby>(&[declared::<Lobby>("Lobby", "hall")]).unwrap();
        registry.meet::<Hall>(&[hall]).unwrap_err();
        registry.meet::<Room>(&[room]).unwrap();
    }

    #[test]
    fn two_groups_of_one_consumer_clash_too() {
        let groups = [declared::<Room>("Room", "a_{room}"), declared::<Lobby>("Lobby", "{lobby}_b")];
        let clash = Registry::default().meet::<Chat>(&groups).unwrap_err();
        assert!(clash.to_string().contains("group `tests::Lobby` is named \"{lobby}_b\""), "{clash}");
    }

    /// Two types that one `macro_rules!` has declared at one place are two.
    #[test]
    fn a_type_is_told_apart_by_more_than_its_place() {
        let registry = Registry::default();
        registry.meet::<Room>(&[declared::<Room>("Room", "chat_{room}")]).unwrap();
        registry.meet::<Hall>(&[declared::<Hall>("Room", "chat_{room}")]).unwrap_err();
        registry.meet::<Chat>(&[declared::<Room>("Room", "chat_{room}")]).unwrap();
    }
}
