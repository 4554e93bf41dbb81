//! What the macros accept, and what they say about the rest.

#[test]
fn valid_programs_compile() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}

#[rustversion::attr(not(stable(1.95)), ignore = "the expected words are those of Rust 1.95")]
#[test]
fn every_mistake_is_one_error_in_the_users_words() {
    trybuild::TestCases::new().compile_fail("ui/fail/*.rs");
}
