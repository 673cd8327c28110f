//! What the last step answered by return data: bytes, a property, or how a member stands.

use {
    super::{Claim, Test, expected::expected},
    crate::scenario::{
        amounts::Unit,
        document::{Node, Value},
        fields::{Fields, Scope},
        found::Found,
        values,
    },
    sessions_client::core::state::Standing,
};

/// A value in an answer: its name, a value of its kind, and where it is.
pub type Part = (&'static str, fn() -> Found, fn(&[u8]) -> Option<Found>);

/// What `read_property` answers: the version, and the value behind it.
pub const PROPERTY: [Part; 2] = [
    ("version", || Found::Number(0), |data| Some(Found::Number(u64::from_le_bytes(*data.first_chunk()?)))),
    ("value", || Found::Bytes(Vec::new()), |data| Some(Found::Bytes(data.get(8..)?.to_vec()))),
];

/// What `consume` and `validate_session` answer.
pub const STANDING: [Part; 6] = [
    ("permissions", || Found::Permissions(0), |data| Some(Found::Permissions(read(data)?.permissions))),
    ("seconds_left", || Found::Left(0), |data| Some(Found::Left(read(data)?.seconds_left))),
    ("operations_left", || Found::Left(0), |data| Some(Found::Left(read(data)?.operations_left))),
    ("units_left", || Found::Left(0), |data| Some(Found::Left(read(data)?.units_left))),
    ("bytes_left", || Found::Left(0), |data| Some(Found::Left(read(data)?.bytes_left))),
    ("session_id", || Found::Id([0; 32]), |data| Some(Found::Id(read(data)?.session_id))),
];

fn read(data: &[u8]) -> Option<Standing> {
    bytemuck::try_pod_read_unaligned(data).ok()
}

/// `returned`: the bytes as they are, or the `version` and the `value` of a property.
pub fn returned(scope: &mut Scope, node: &Node) -> Vec<Claim> {
    if let Value::Map(_) = node.value {
        return parts(scope, "returned", node, &PROPERTY);
    }
    let data = scope.value("returned", node, values::bytes);
    let claim = |data| Claim { label: "returned".into(), test: Test::Answer(|data| Some(Found::Bytes(data.to_vec())), Found::Bytes(data)) };
    data.into_iter().map(claim).collect()
}

/// `standing`: how a member stands.
pub fn standing(scope: &mut Scope, node: &Node) -> Vec<Claim> {
    parts(scope, "standing", node, &STANDING)
}

/// The parts of an answer that a check names.
fn parts(scope: &mut Scope, key: &str, node: &Node, parts: &[Part]) -> Vec<Claim> {
    let Some(entries) = scope.map(key, node) else { return Vec::new() };
    let mut claims = Vec::new();
    let mut f = Fields::new(scope, key, node.line, entries);
    if entries.is_empty() {
        f.scope.wrong(node.line, format!("this checks nothing of {key}; name parts of it"));
    }
    for (name, sample, read) in parts {
        let value = f.node(name).and_then(|node| expected(f.scope, name, node, &sample(), &Unit::Sol));
        claims.extend(value.map(|value| Claim { label: format!("{key}.{name}"), test: Test::Answer(*read, value) }));
    }
    f.finish();
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytemuck::Zeroable;

    #[test]
    fn an_answer_of_another_length_is_no_standing() {
        let Standing { session_id: _, seconds_left: _, operations_left: _, units_left: _, bytes_left: _, permissions: _, reserved: _ } =
            Standing::zeroed();
        let answer = bytemuck::bytes_of(&Standing { units_left: 7, ..Standing::zeroed() }).to_vec();
        let units = |data: &[u8]| STANDING.iter().find(|(name, ..)| *name == "units_left").and_then(|(_, _, read)| read(data));
        assert_eq!(units(&answer), Some(Found::Left(7)));
        assert_eq!((units(&answer[1..]), units(&[])), (None, None));
        assert!(PROPERTY.iter().all(|(_, _, read)| read(&[0; 7]).is_none()));
    }
}
