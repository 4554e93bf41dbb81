//! What a group type declares, and the names of the groups that one connection declares.

use std::{any::TypeId, fmt, sync::Arc};

use crate::names::GroupName;

/// What `#[group(..)]` declares, or `#[consumer(.., group = "..")]` of a group of its own.
///
/// ```
/// use consumer_runtime::prelude::*;
///
/// #[event("chat.message")]
/// struct ChatMessage {}
///
/// #[group("chat_{room}", events(ChatMessage))]
/// struct Room {
///     room: String,
/// }
///
/// assert_eq!((Room::DECLARATION.group, Room::DECLARATION.template), ("Room", "chat_{room}"));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct GroupDeclaration {
    /// The group's type, as in `Room`; for a consumer's own group the consumer's.
    pub group: &'static str,
    /// The template of names, as in `chat_{room_name}`.
    pub template: &'static str,
    /// Whether it is a consumer's own group, whose type nobody wrote.
    pub own: bool,
    /// The module that declares it, as in `shop::chat`.
    pub module: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The column of the attribute.
    pub column: u32,
    id: TypeId,
}

impl GroupDeclaration {
    /// What the macros fill in; `G` is the group, or the consumer of an own one.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<G: 'static>(
        group: &'static str,
        template: &'static str,
        module: &'static str,
        line: u32,
        column: u32,
    ) -> Self {
        Self { group, template, own: false, module, line, column, id: TypeId::of::<G>() }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn own(mut self) -> Self {
        self.own = true;
        self
    }

    /// Whether both are one type, as far as constants can tell: they cannot compare a [`TypeId`], but places.
    pub(crate) const fn is_declared_with(&self, other: &Self) -> bool {
        self.line == other.line
            && self.column == other.column
            && self.own == other.own
            && same(self.module, other.module)
            && same(self.group, other.group)
    }

    /// Whether both are one group type.
    ///
    /// A generic consumer declares one own group, whatever its parameters: its events do not depend on them.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.id == other.id || (self.own && self.is_declared_with(other))
    }
}

/// As a message calls it: "group `Room` is named \"chat_{room}\"".
impl fmt::Display for GroupDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, template, module, .. } = self;
        let whose = if self.own { "the group of" } else { "group" };
        write!(f, "{whose} `{module}::{group}` is named {template:?}")
    }
}

pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The names of the groups that a connection declares, in their order.
///
/// Every connection holds one, so the usual one group costs no allocation; a blocking handler gets a clone.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub enum GroupNames {
    #[default]
    None,
    One(GroupName),
    Many(Arc<[GroupName]>),
}

impl GroupNames {
    #[must_use]
    pub fn new<const N: usize>(names: [GroupName; N]) -> Self {
        match Vec::from(names) {
            names if N > 1 => Self::Many(names.into()),
            names => names.into_iter().next().map_or(Self::None, Self::One),
        }
    }

    /// The same names, each as `shared` has it if it does.
    pub(crate) fn shared(self, shared: impl Fn(&GroupName) -> Option<GroupName>) -> Self {
        let share = |name: &GroupName| shared(name).unwrap_or_else(|| name.clone());
        match self {
            Self::None => Self::None,
            Self::One(name) => Self::One(share(&name)),
            Self::Many(names) => Self::Many(names.iter().map(share).collect()),
        }
    }

    pub(crate) fn as_slice(&self) -> &[GroupName] {
        match self {
            Self::None => &[],
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}
