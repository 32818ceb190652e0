//! DIMACS text: any bytes are judged, and any network comes back from its own text.

use proptest::prelude::*;
use tiaoji_flow::{INFINITE, Network, NodeId, dimacs};

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        (-2..9_i64).prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("inf".to_owned()),
        "[a-z0-9.]{0,3}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let letter =
        prop_oneof![3 => Just("a"), 2 => Just("n"), 1 => Just("p min"), 1 => Just("c"), 1 => Just("x")];
    (letter, prop::collection::vec(field(), 0..7))
        .prop_map(|(letter, fields)| format!("{letter} {}", fields.join(" ")))
}

proptest! {
    #[test]
    fn any_lines_are_judged(lines in prop::collection::vec(line(), 0..8), arcs in 0..3_usize) {
        let text = format!("p min 4 {arcs}\n{}", lines.join("\n"));
        match dimacs::read(text.as_bytes()) {
            Ok(network) => prop_assert_eq!((network.node_count(), network.arc_count()), (4, arcs)),
            Err(error) => prop_assert!((1..=lines.len() + 1).contains(&error.line), "{}", error),
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let lines = bytes.split(|&byte| byte == b'\n').count();
        if let Err(error) = dimacs::read(&bytes) {
            prop_assert!((1..=lines).contains(&error.line));
        }
    }

    #[test]
    fn a_network_comes_back(
        supplies in prop::collection::vec(any::<i64>(), 1..6),
        arcs in prop::collection::vec((0..6_usize, 0..6_usize, any::<i64>(), any::<i64>(), any::<i64>()), 0..9),
    ) {
        let mut network = Network::new();
        let nodes: Vec<NodeId> = supplies.iter().map(|&supply| network.add_node(supply)).collect();
        for (tail, head, lower, upper, cost) in arcs {
            let upper = match upper {
                -1 => 0,
                upper if upper % 3 == 0 => INFINITE,
                upper => upper,
            };
            network.add_arc(nodes[tail % nodes.len()], nodes[head % nodes.len()], lower..=upper, cost);
        }
        let mut text = Vec::new();
        dimacs::write(&network, &mut text).expect("a vector takes everything");
        prop_assert_eq!(dimacs::read(&text), Ok(network));
    }
}
