//! Properties across sessions.

use super::{passes, refusal};

/// `ana` is a member of `reader`, whose authority is `ben`; `owner`, whose authority is `gm`, has a property.
const TWO: &str = "  - { as: gm, do: open_session, with: { id: a }, save: owner }
  - { as: ben, do: open_session, with: { id: b }, save: reader }
  - { as: ana, do: join_session, with: { session: reader } }
  - { as: ben, do: update_member, with: { session: reader, member: ana, permissions: all } }
  - { as: gm, do: set_property, with: { session: owner, key: k, value: hello } }\n";

#[test]
fn a_grant_lets_another_session_read_and_write_until_it_ends() {
    let records = passes(&format!(
        "{TWO}  - {{ as: ana, do: read_property, with: {{ session: reader, owner: owner, key: k }}, expect: PolicyViolation }}
  - {{ as: gm, do: grant_access, with: {{ session: owner, reader: reader, rights: [READ], ttl: 5m }} }}
  - check: {{ grant: [owner, reader], reader: reader, rights: [READ], expires_at: +5m, payer: gm, events: [AccessGranted] }}
  - {{ as: ana, do: read_property, with: {{ session: reader, owner: owner, key: k }} }}
  - check: {{ returned: {{ version: 1, value: hello }} }}
  - check: {{ returned: '0x010000000000000068656c6c6f' }}
  - {{ as: ana, do: read_property, with: {{ session: reader, owner: owner, key: other }}, expect: PropertyNotFound }}
  - {{ as: ana, do: write_property, with: {{ session: reader, owner: owner, key: k, value: x, expect_version: 1 }}, expect: PolicyViolation }}
  - {{ as: gm, do: grant_access, with: {{ session: owner, reader: reader, rights: all }} }}
  - check: {{ grant: [owner, reader], rights: [READ, WRITE], expires_at: never }}
  - {{ as: ana, do: write_property, with: {{ session: reader, owner: owner, key: k, value: x, expect_version: 1 }} }}
  - {{ as: ana, do: write_property, with: {{ session: reader, owner: owner, key: new, value: y, capacity: 8 }} }}
  - check: {{ property: [owner, new], value: y, capacity: 8, writer: ana, payer: ana }}
  - {{ as: ben, do: revoke_access, with: {{ session: owner, reader: reader }}, expect: PermissionDenied }}
  - {{ as: gm, do: revoke_access, with: {{ session: owner, reader: reader }} }}
  - check: {{ grant: [owner, reader], absent: true, events: [AccessRevoked] }}
  - {{ as: gm, do: revoke_access, with: {{ session: owner, reader: reader }}, expect: AccessNotFound }}
"
    ));
    assert!(refusal(&records, 6).contains("(reason: "), "{}", refusal(&records, 6));
}

#[test]
fn grants_and_allowances_are_reclaimed_by_their_names() {
    passes(&format!(
        "{TWO}  - {{ as: ben, do: grant_access, with: {{ session: reader, reader: owner, rights: [READ], payer: cleo }} }}
  - {{ as: ben, do: set_allowance, with: {{ session: reader, member: ana, limit: 1 SOL, payer: cleo }} }}
  - {{ as: ben, do: close_session, with: {{ session: reader }} }}
  - {{ as: ben, do: complete_close, with: {{ session: reader }}, together: true }}
  - {{ as: gm, do: reclaim_children, with: {{ session: reader, children: [grant: owner, allowance: [ana, SOL]] }} }}
  - check: {{ grant: [reader, owner], absent: true, balance: [cleo, 0.99998 SOL] }}
  - check: {{ session: reader, children: 2 }}
"
    ));
}
