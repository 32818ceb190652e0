//! The DIMACS format for minimum-cost flow, in and out.
//!
//! ```text
//! c anything
//! p min NODES ARCS
//! n NODE SUPPLY                    nodes are numbered from 1; one without a line supplies 0
//! a TAIL HEAD LOWER UPPER COST     an upper bound of -1 or `inf` is none
//! ```
//!
//! Blank lines are passed over, and comments may hold any bytes.

use std::{
    error, fmt,
    io::{self, Write},
};

use crate::network::{INFINITE, Network, NodeId};

/// Where and why a text is not a network in DIMACS format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DimacsError {
    /// The line, counted from 1; the last one where something is missing at the end.
    pub line: usize,
    /// What is wrong with it.
    pub fault: DimacsFault,
}

/// What is wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DimacsFault {
    /// The line starts with no known letter.
    UnknownLine(String),
    /// The problem line is not `p min NODES ARCS`.
    BadProblem,
    /// A node or arc stands before the problem line, or there is none.
    NoProblem,
    /// A second problem line.
    SecondProblem,
    /// The line has fewer or more fields than this.
    Fields(usize),
    /// A field that should be a whole number of 64 bits.
    BadNumber(String),
    /// A node that is not between 1 and the number of nodes.
    NoSuchNode(String),
    /// A second supply of the same node.
    SecondSupply(String),
    /// More nodes or arcs than 32 bits count, or than memory holds.
    TooLarge,
    /// The text has not as many arcs as the problem line says.
    ArcCount {
        /// What the problem line says.
        expected: usize,
        /// What follows.
        found: usize,
    },
}

impl fmt::Display for DimacsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownLine(word) => write!(f, "a line starts with c, p, n or a, not {word:?}"),
            Self::BadProblem => write!(f, "the problem line is not `p min NODES ARCS`"),
            Self::NoProblem => write!(f, "no problem line `p min NODES ARCS` before this"),
            Self::SecondProblem => write!(f, "a second problem line"),
            Self::Fields(count) => write!(f, "such a line has {count} fields after its letter"),
            Self::BadNumber(word) => write!(f, "{word:?} is not a whole number of 64 bits"),
            Self::NoSuchNode(word) => write!(f, "{word:?} is not the number of a node"),
            Self::SecondSupply(word) => write!(f, "node {word} has a supply already"),
            Self::TooLarge => write!(f, "more nodes or arcs than 32 bits count or memory holds"),
            Self::ArcCount { expected, found } => write!(f, "{expected} arcs announced, {found} found"),
        }
    }
}

impl fmt::Display for DimacsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.fault)
    }
}

impl error::Error for DimacsError {}

/// Reads a network; node `i` of the text is node `i - 1`, arcs keep their order.
///
/// ```
/// let text = "p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 inf 4\n";
/// let network = tiaoji_flow::dimacs::read(text.as_bytes())?;
/// assert_eq!(tiaoji_flow::solve(&network)?.cost(), 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The first line that is not DIMACS.
pub fn read(text: &[u8]) -> Result<Network, DimacsError> {
    let mut reader = Reader::default();
    let mut last = 1;
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let mut fields = line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
        if let Some(letter) = fields.next() {
            last = index + 1;
            reader
                .line(letter, &mut fields, text.len())
                .map_err(|fault| DimacsError { line: last, fault })?;
        }
    }
    reader.finish().map_err(|fault| DimacsError { line: last, fault })
}

#[derive(Default)]
struct Reader {
    network: Network,
    /// The number of arcs announced, once the problem line has been read.
    announced: Option<usize>,
    /// Which nodes have a supply line.
    supplied: Vec<bool>,
}

impl Reader {
    fn line<'a>(
        &mut self,
        letter: &[u8],
        fields: &mut impl Iterator<Item = &'a [u8]>,
        size: usize,
    ) -> Result<(), DimacsFault> {
        match letter {
            b"c" => Ok(()),
            b"p" if self.announced.is_some() => Err(DimacsFault::SecondProblem),
            b"p" => self.problem(fields, size),
            b"n" | b"a" if self.announced.is_none() => Err(DimacsFault::NoProblem),
            b"n" => {
                let [id, supply] = take(fields)?;
                let node = self.node(id)?;
                if std::mem::replace(&mut self.supplied[node.index()], true) {
                    return Err(DimacsFault::SecondSupply(text(id)));
                }
                self.network.set_supply(node, number(supply)?);
                Ok(())
            }
            b"a" => {
                let [tail, head, lower, upper, cost] = take(fields)?;
                let (tail, head) = (self.node(tail)?, self.node(head)?);
                let upper = match upper {
                    b"-1" => INFINITE,
                    word if word.eq_ignore_ascii_case(b"inf") => INFINITE,
                    word => number(word)?,
                };
                if Some(self.network.arc_count()) == self.announced {
                    let expected = self.network.arc_count();
                    return Err(DimacsFault::ArcCount { expected, found: expected + 1 });
                }
                self.network.add_arc(tail, head, number(lower)?..=upper, number(cost)?);
                Ok(())
            }
            _ => Err(DimacsFault::UnknownLine(text(letter))),
        }
    }

    fn problem<'a>(
        &mut self,
        fields: &mut impl Iterator<Item = &'a [u8]>,
        size: usize,
    ) -> Result<(), DimacsFault> {
        let [kind, nodes, arcs] = take(fields).map_err(|_| DimacsFault::BadProblem)?;
        let count = |word| number(word).ok().and_then(|count| usize::try_from(count).ok());
        let (b"min", Some(nodes), Some(arcs)) = (kind, count(nodes), count(arcs)) else {
            return Err(DimacsFault::BadProblem);
        };
        let most = u32::MAX as usize - 8;
        if nodes > most || arcs > most || self.supplied.try_reserve_exact(nodes).is_err() {
            return Err(DimacsFault::TooLarge);
        }
        self.supplied.resize(nodes, false);
        // An arc takes at least 12 bytes of text, whatever the problem line says.
        self.network = Network::with_capacity(nodes, arcs.min(size / 12));
        for _ in 0..nodes {
            self.network.add_node(0);
        }
        self.announced = Some(arcs);
        Ok(())
    }

    fn node(&self, word: &[u8]) -> Result<NodeId, DimacsFault> {
        let index = number(word)?.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        match index.filter(|&index| index < self.network.node_count()) {
            Some(index) => Ok(NodeId::new(index)),
            None => Err(DimacsFault::NoSuchNode(text(word))),
        }
    }

    fn finish(self) -> Result<Network, DimacsFault> {
        let found = self.network.arc_count();
        match self.announced {
            None => Err(DimacsFault::NoProblem),
            Some(expected) if expected != found => Err(DimacsFault::ArcCount { expected, found }),
            Some(_) => Ok(self.network),
        }
    }
}

fn text(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

fn number(word: &[u8]) -> Result<i64, DimacsFault> {
    let parsed = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
    parsed.ok_or_else(|| DimacsFault::BadNumber(text(word)))
}

/// Exactly so many fields, and no more.
fn take<'a, const N: usize>(
    fields: &mut impl Iterator<Item = &'a [u8]>,
) -> Result<[&'a [u8]; N], DimacsFault> {
    let mut taken = [&b""[..]; N];
    for field in &mut taken {
        *field = fields.next().ok_or(DimacsFault::Fields(N))?;
    }
    if fields.next().is_some() { Err(DimacsFault::Fields(N)) } else { Ok(taken) }
}

/// Writes a network, an upper bound of none as `-1`.
///
/// # Errors
///
/// Those of the writer, and [`io::ErrorKind::InvalidInput`] for an upper bound of -1, which DIMACS cannot tell from
/// none.
pub fn write(network: &Network, mut out: impl Write) -> io::Result<()> {
    writeln!(out, "p min {} {}", network.node_count(), network.arc_count())?;
    for (node, &supply) in network.nodes().zip(network.supplies()) {
        if supply != 0 {
            writeln!(out, "n {} {supply}", node.index() + 1)?;
        }
    }
    for (id, arc) in network.arcs() {
        let upper = match arc.upper {
            INFINITE => -1,
            -1 => {
                let fault = format!("arc {} has the upper bound -1, which would read as none", id.index());
                return Err(io::Error::new(io::ErrorKind::InvalidInput, fault));
            }
            upper => upper,
        };
        let (tail, head) = (arc.tail.index() + 1, arc.head.index() + 1);
        writeln!(out, "a {tail} {head} {} {upper} {}", arc.lower, arc.cost)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use DimacsFault::{
        ArcCount, BadNumber, BadProblem, Fields, NoProblem, NoSuchNode, SecondProblem, SecondSupply,
        TooLarge, UnknownLine,
    };

    #[test]
    fn faults_name_their_line() {
        let word = |word: &str| word.to_owned();
        let cases: &[(&str, usize, DimacsFault)] = &[
            ("", 1, NoProblem),
            ("c only\n\n", 1, NoProblem),
            ("n 1 1", 1, NoProblem),
            ("c\n\na 1 2 0 1 1", 3, NoProblem),
            ("p max 2 1", 1, BadProblem),
            ("p min 2", 1, BadProblem),
            ("p min -2 1", 1, BadProblem),
            ("p min 2 1 1", 1, BadProblem),
            ("p min 5000000000 0", 1, TooLarge),
            ("p min 2 0\np min 2 0", 2, SecondProblem),
            ("p min 2 0\nn 1", 2, Fields(2)),
            ("p min 2 0\nn 3 1", 2, NoSuchNode(word("3"))),
            ("p min 2 0\nn 0 1", 2, NoSuchNode(word("0"))),
            ("p min 2 0\nn 1 1\nn 1 1", 3, SecondSupply(word("1"))),
            ("p min 2 0\nn 1 1.5", 2, BadNumber(word("1.5"))),
            ("p min 2 0\nn 1 9223372036854775808", 2, BadNumber(word("9223372036854775808"))),
            ("p min 2 1\na 1 2 0 1", 2, Fields(5)),
            ("p min 2 1\na 1 2 0 1 1 1", 2, Fields(5)),
            ("p min 2 1\na 1 2 0 infinity 1", 2, BadNumber(word("infinity"))),
            ("p min 2 1\n\nx 1", 3, UnknownLine(word("x"))),
            ("p min 2 1\n", 1, ArcCount { expected: 1, found: 0 }),
            ("p min 2 1\na 1 2 0 1 1\na 1 2 0 1 1", 3, ArcCount { expected: 1, found: 2 }),
        ];
        for (text, line, fault) in cases {
            assert_eq!(
                read(text.as_bytes()),
                Err(DimacsError { line: *line, fault: fault.clone() }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = b"c \xff\r\np min 3 3\r\nn 1 4\nn 3 -4\na 1 2 0 inf -5\n a 2 3 -2 9 0 \na 3 3 0 -1 1\r\n"
            as &[u8];
        let network = read(text).expect("the text is DIMACS");
        let arcs: Vec<_> = network.arcs().map(|(_, arc)| (arc.lower, arc.upper, arc.cost)).collect();
        assert_eq!(arcs, [(0, INFINITE, -5), (-2, 9, 0), (0, INFINITE, 1)]);
        let mut out = Vec::new();
        write(&network, &mut out).expect("a vector takes everything");
        assert_eq!(read(&out), Ok(network));
    }

    #[test]
    fn an_upper_bound_of_minus_one_is_not_written() {
        let mut network = Network::new();
        let node = network.add_node(0);
        network.add_arc(node, node, -5..=-1, 0);
        let error = write(&network, Vec::new()).expect_err("-1 means none");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
