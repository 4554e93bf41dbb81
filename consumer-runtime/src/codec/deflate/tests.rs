//! The handshake: what is offered, and what comes of it.

use proptest::{collection::vec, prelude::*};

use super::{offer::offers, *};

const SHARED: Wanted = Wanted {
    server_context_takeover: false,
    client_context_takeover: false,
    server_window_bits: 15,
    client_window_bits: 15,
};

const KEEPING: Wanted = Wanted { server_context_takeover: true, client_context_takeover: true, ..SHARED };

/// The response to a header, if anything is agreed on.
fn answer(header: &str, wanted: Wanted) -> Option<String> {
    Agreed::choose(&offers(header).expect("well-formed"), wanted).map(|(_, response)| response)
}

#[track_caller]
fn is_answered(header: &str, wanted: Wanted, parameters: &str) {
    assert_eq!(answer(header, wanted), Some(format!("permessage-deflate{parameters}")), "{header}");
}

#[test]
fn what_browsers_offer() {
    let both = "; server_no_context_takeover; client_no_context_takeover";
    for header in ["permessage-deflate; client_max_window_bits", "permessage-deflate"] {
        is_answered(header, SHARED, both);
        is_answered(header, KEEPING, "");
    }
    assert_eq!(answer("", SHARED), None);
    assert_eq!(answer("x-webkit-deflate-frame", SHARED), None);
    assert_eq!(answer("Permessage-Deflate", SHARED), None, "names are told apart by case");
}

#[test]
fn a_client_may_ask_for_no_takeover() {
    is_answered("permessage-deflate; server_no_context_takeover", KEEPING, "; server_no_context_takeover");
    is_answered("permessage-deflate;client_no_context_takeover", KEEPING, "; client_no_context_takeover");
}

#[test]
fn the_smaller_window_wins() {
    let small = Wanted { server_window_bits: 11, client_window_bits: 10, ..KEEPING };
    is_answered("permessage-deflate; server_max_window_bits=9", small, "; server_max_window_bits=9");
    is_answered("permessage-deflate; server_max_window_bits=12", small, "; server_max_window_bits=11");
    is_answered("permessage-deflate", small, "; server_max_window_bits=11");
    let told = "; server_max_window_bits=11; client_max_window_bits=";
    is_answered("permessage-deflate; client_max_window_bits", small, &format!("{told}10"));
    is_answered("permessage-deflate; client_max_window_bits=8", small, &format!("{told}8"));
    is_answered("permessage-deflate; client_max_window_bits=15", small, &format!("{told}10"));
    // A maximum that is offered is answered, also where it says nothing new.
    is_answered("permessage-deflate; server_max_window_bits=15", KEEPING, "; server_max_window_bits=15");
}

/// zlib makes nothing for a window of 8 bits.
#[test]
fn the_smallest_server_window_is_declined() {
    assert_eq!(answer("permessage-deflate; server_max_window_bits=8", SHARED), None);
    is_answered("permessage-deflate; server_max_window_bits=8, permessage-deflate", KEEPING, "");
}

#[test]
fn the_first_offer_that_fits_is_taken() {
    let header = "foo; bar=1, permessage-deflate; unknown, permessage-deflate; server_max_window_bits=\"1\\0\" ;client_max_window_bits , permessage-deflate";
    is_answered(header, KEEPING, "; server_max_window_bits=10");
    is_answered(", ,permessage-deflate ,", KEEPING, "");
}

#[test]
fn wrong_parameters_decline_an_offer() {
    for parameters in [
        "unknown",
        "unknown=1",
        "server_no_context_takeover=1",
        "client_no_context_takeover=\"1\"",
        "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=010",
        "server_max_window_bits=+9",
        "server_max_window_bits=9.0",
        "server_max_window_bits=99999999999999999999",
        "server_max_window_bits=9; server_max_window_bits=9",
        "client_max_window_bits=",
        "client_max_window_bits=7",
        "client_max_window_bits=x",
        "client_max_window_bits; client_max_window_bits",
        "client_max_window_bits=9; client_max_window_bits",
        "Server_No_Context_Takeover",
    ] {
        let header = format!("permessage-deflate; {parameters}");
        if parameters.ends_with('=') {
            assert_eq!(offers(&header), Err(Malformed), "{header}");
        } else {
            assert_eq!(offers(&header), Ok(vec![]), "{header}");
            is_answered(&format!("{header}, permessage-deflate"), KEEPING, "");
        }
    }
}

#[test]
fn what_is_no_list_is_malformed() {
    for header in [
        ";",
        "=",
        "permessage-deflate;",
        "permessage-deflate; ;",
        "permessage-deflate client_max_window_bits",
        "permessage-deflate; a=\"",
        "permessage-deflate; a=\"\"",
        "permessage-deflate; a=\"1 0\"",
        "permessage-deflate; a=\"\\",
        "permessage-deflate; a=\"\\\"\"",
        "permessage-deflate; a=\"1\"0",
        "permessage-deflate; a==1",
        "permessage-deflate, (comment)",
        "permessagé",
        "a/b",
    ] {
        assert_eq!(offers(header), Err(Malformed), "{header}");
    }
}

fn parameter() -> impl Strategy<Value = String> {
    let bits = (7..17_u8, any::<bool>());
    let bits = bits.prop_map(|(bits, quoted)| if quoted { format!("=\"{bits}\"") } else { format!("={bits}") });
    prop_oneof![
        Just("server_no_context_takeover".to_owned()),
        Just("client_no_context_takeover".to_owned()),
        Just("client_max_window_bits".to_owned()),
        bits.clone().prop_map(|bits| format!("server_max_window_bits{bits}")),
        bits.prop_map(|bits| format!("client_max_window_bits{bits}")),
    ]
}

pub(in crate::codec) fn wanted() -> impl Strategy<Value = Wanted> {
    (any::<[bool; 2]>(), 9..=15_u8, 9..=15_u8).prop_map(|([server, client], server_bits, client_bits)| Wanted {
        server_context_takeover: server,
        client_context_takeover: client,
        server_window_bits: server_bits,
        client_window_bits: client_bits,
    })
}

proptest! {
    #[test]
    fn any_header_is_read(header: String) {
        let _ = offers(&header);
    }

    #[test]
    fn nearly_right_headers_are_read(header in "[a;=, \"\\\\]{0,20}(permessage-deflate[;, ]{0,3}(client_max_window_bits)?[=\"159]{0,4}){0,3}") {
        let _ = offers(&header);
    }

    /// RFC 7692 §7.1: what a client would fail the connection for.
    #[test]
    fn a_response_keeps_to_its_offer(offered in vec(vec(parameter(), 0..5), 1..4), wanted in wanted()) {
        let header: Vec<String> = offered.iter().map(|parameters| [&["permessage-deflate".to_owned()], &parameters[..]].concat().join("; ")).collect();
        let offered = offers(&header.join(", ")).expect("well-formed");
        let Some((agreed, response)) = Agreed::choose(&offered, wanted) else {
            prop_assert!(offered.iter().all(|offer| offer.server_max_window_bits == Some(8)));
            return Ok(());
        };
        // A response has the syntax of an offer.
        let said = offers(&response).expect("well-formed")[0];
        let accepted = offered.iter().find(|offer| offer.server_max_window_bits != Some(8)).expect("one was accepted");
        prop_assert!(said.server_no_context_takeover || !accepted.server_no_context_takeover);
        prop_assert_eq!(said.server_no_context_takeover, agreed.server_no_context_takeover);
        prop_assert_eq!(said.client_no_context_takeover, agreed.client_no_context_takeover);
        prop_assert_eq!(said.server_max_window_bits.unwrap_or(15), agreed.server_window_bits);
        prop_assert!(agreed.server_window_bits <= accepted.server_max_window_bits.unwrap_or(15));
        prop_assert!(said.server_max_window_bits.is_some() || accepted.server_max_window_bits.is_none());
        match (said.client_max_window_bits, accepted.client_max_window_bits) {
            (None, _) => prop_assert_eq!(agreed.client_window_bits, 15),
            (Some(told), Some(most)) => {
                let told = told.expect("a number in a response");
                prop_assert_eq!(told, agreed.client_window_bits);
                prop_assert!(told <= most.unwrap_or(15));
            }
            (Some(_), None) => prop_assert!(false, "a client is told what it did not offer to be told"),
        }
    }
}
