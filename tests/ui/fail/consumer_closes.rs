use consumer_runtime::prelude::*;

#[consumer("/ws/a/", closes(4001 = "banned", 1000, 4409 = "old", 4001, 70000))]
struct A {}

#[consumer]
impl A {}

#[consumer("/ws/b/", closes(4001 = banned))]
struct B {}

#[consumer]
impl B {}

#[consumer("/ws/c/", closes)]
struct C {}

#[consumer]
impl C {}

fn main() {}
