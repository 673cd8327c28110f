//! A YAML document as a tree of nodes that know their lines.
//!
//! Scalars stay the text that stands in the file: what a text means (a duration, an amount, an id) depends on where it stands, so YAML's
//! own guesses about numbers and booleans never come in between. What scenarios do not use (anchors, tags, more than one document) is
//! refused by name. Nesting is limited, so that no document can exhaust the stack.

use {
    super::names::quote,
    crate::error::Problem,
    saphyr_parser::{Event, Parser, ScalarStyle},
};

/// How deep lists and mappings may stand in each other. The language itself needs ten levels.
const MAX_DEPTH: usize = 32;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line it begins on.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What a node can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// Any other scalar, as it stands in the file.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the file's order; each key once.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The key's line.
    pub line: usize,
    /// The value.
    pub value: Node,
}

impl Value {
    /// What the value is, for a message: "expected a list, found …".
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Text(_) => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// A list or mapping whose end has not come.
enum Open {
    List(usize, Vec<Node>),
    Map(usize, Vec<Entry>, Option<(String, usize)>),
}

/// Reads the one document of `text`; `None` if it is empty. A problem that leaves the tree readable is noted and the rest is read on.
///
/// # Errors
/// The problem that makes the rest unreadable.
pub fn parse(text: &str, problems: &mut Vec<Problem>) -> Result<Option<Node>, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let at = |line: usize, what: String| Problem { line: Some(line), what };
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| at(error.marker().line(), format!("this is no YAML: {}", error.info())))?;
        let line = span.start.line();
        let (Event::Scalar(_, _, anchor, ref tag) | Event::SequenceStart(anchor, ref tag) | Event::MappingStart(anchor, ref tag)) = event
        else {
            match event {
                Event::Alias(_) => {
                    return Err(at(line, "aliases (*name) are not part of the scenario language; write the value out".into()));
                }
                Event::DocumentStart(_) if root.is_some() => {
                    return Err(at(line, "a second document begins here; write one scenario a file".into()));
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(node) = open.pop().map(close) {
                        place(node, &mut open, &mut root, problems)?;
                    }
                }
                _ => {}
            }
            continue;
        };
        if anchor != 0 {
            return Err(at(line, "anchors (&name) are not part of the scenario language; write the value out where it is needed".into()));
        }
        if tag.is_some() {
            return Err(at(line, "tags (!name) are not part of the scenario language; leave it out".into()));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let value = if null { Value::Null } else { Value::Text(text.into_owned()) };
                place(Node { line, value }, &mut open, &mut root, problems)?;
            }
            _ if open.len() >= MAX_DEPTH => return Err(at(line, format!("lists and mappings stand more than {MAX_DEPTH} deep here"))),
            Event::SequenceStart(..) => open.push(Open::List(line, Vec::new())),
            _ => open.push(Open::Map(line, Vec::new(), None)),
        }
    }
    Ok(root)
}

fn close(open: Open) -> Node {
    match open {
        Open::List(line, items) => Node { line, value: Value::List(items) },
        Open::Map(line, entries, _) => Node { line, value: Value::Map(entries) },
    }
}

/// Puts a finished node where it belongs: into the list or mapping that is open, as its key or its value, or at the top.
fn place(mut node: Node, open: &mut [Open], root: &mut Option<Node>, problems: &mut Vec<Problem>) -> Result<(), Problem> {
    match open.last_mut() {
        None => *root = Some(node),
        Some(Open::List(_, items)) => items.push(node),
        Some(Open::Map(_, entries, key)) => match key.take() {
            None => match node.value {
                Value::Text(text) => *key = Some((text, node.line)),
                other => {
                    return Err(Problem { line: Some(node.line), what: format!("a key must be a name, but here it is {}", other.kind()) });
                }
            },
            Some((key, line)) => {
                if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                    let what = format!("the key {} stands here a second time; the first is on line {}", quote(&key), first.line);
                    problems.push(Problem { line: Some(line), what });
                } else {
                    // An empty value has no place of its own: the parser reports wherever it noticed.
                    if node.value == Value::Null {
                        node.line = line;
                    }
                    entries.push(Entry { key, line, value: node });
                }
            }
        },
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fatal(text: &str) -> (usize, String) {
        let problem = parse(text, &mut Vec::new()).unwrap_err();
        (problem.line.unwrap(), problem.what)
    }

    #[test]
    fn nodes_know_their_lines_and_scalars_stay_text() {
        let mut problems = Vec::new();
        let root = parse("a: 0x10\nb:\n  - { c: 1.50, d: true }\n  - 'null'\ne:\n", &mut problems).unwrap().unwrap();
        let Value::Map(entries) = root.value else { panic!() };
        assert_eq!(entries[0].value, Node { line: 1, value: Value::Text("0x10".into()) });
        let Value::List(items) = &entries[1].value.value else { panic!() };
        let Value::Map(inner) = &items[0].value else { panic!() };
        assert_eq!((inner[0].line, &inner[0].value.value), (3, &Value::Text("1.50".into())));
        assert_eq!(items[1], Node { line: 4, value: Value::Text("null".into()) });
        assert_eq!(entries[2].value, Node { line: 5, value: Value::Null });
        assert_eq!(problems, []);
    }

    #[test]
    fn a_key_twice_is_noted_and_the_rest_is_read() {
        let mut problems = Vec::new();
        let root = parse("a: 1\nb: 2\na: 3\nc: 4\n", &mut problems).unwrap().unwrap();
        assert!(matches!(root.value, Value::Map(entries) if entries.len() == 3));
        let what = r#"the key "a" stands here a second time; the first is on line 1"#.to_owned();
        assert_eq!(problems, [Problem { line: Some(3), what }]);
    }

    #[test]
    fn what_scenarios_do_not_use_is_refused_by_name() {
        assert_eq!(fatal("a: &x 1\n").0, 1);
        assert!(fatal("a: 1\nb: &x 1\nc: *x\n").1.starts_with("anchors"));
        assert!(fatal("a: !b 1\n").1.starts_with("tags"));
        assert_eq!(fatal("a: 1\n---\nb: 2\n").0, 2);
        assert!(fatal("[a]: 1\n").1.contains("a list"));
    }

    #[test]
    fn broken_yaml_names_its_line() {
        assert_eq!(fatal("a: 1\nb: [1, 2\nc: 3\n").0, 3);
        assert!(fatal("a: 'x\n").1.starts_with("this is no YAML"));
    }

    #[test]
    fn no_depth_exhausts_the_stack() {
        for (open, times) in [("[", 40), ("- ", 40), ("{a: ", 40), ("[", 200_000), ("- ", 200_000)] {
            let (line, what) = fatal(&open.repeat(times));
            assert!(line == 1 && (times > 40 || what.contains("32 deep")), "{what}");
        }
    }

    #[test]
    fn an_empty_file_has_no_root() {
        assert_eq!(parse("", &mut Vec::new()), Ok(None));
        assert_eq!(parse("# only a comment\n", &mut Vec::new()), Ok(None));
    }
}
