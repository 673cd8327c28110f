//! `update_member`: what the authority changes about a member.

use {
    super::{
        NOTHING, TEN_BYTES, UNSOUND, about, active, assert_told, end_in, hand_over, leave, moderator, refused, refused_in, remove, update,
    },
    sessions_client::{
        address,
        core::{
            MemberState, SessionError,
            error::{Denial, InvalidField},
            events::MemberUpdated,
            rules::{
                membership::{MemberChanges, MemberUpdate, NEVER, NO_EXPIRY, Rights, Role, Terms},
                permissions::Permissions,
                quotas::{Quota, Quotas, Used},
            },
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_instruction::Instruction,
};

/// An active session with a member.
fn joined() -> (World, TestSession, Actor) {
    let (world, session) = active();
    let member = session.joined(&world, "member");
    (world, session, member)
}

/// An update as it travels, with whatever bytes.
fn raw(session: &TestSession, member: &Actor, change: impl FnOnce(&mut MemberUpdate)) -> Instruction {
    let mut instruction = update(session, member, MemberChanges { expires_in: Some(5), ..NOTHING });
    let at = instruction.data.len() - size_of::<MemberUpdate>();
    let bytes = &mut instruction.data[at..];
    let mut update: MemberUpdate = bytemuck::pod_read_unaligned(bytes);
    change(&mut update);
    bytes.copy_from_slice(bytemuck::bytes_of(&update));
    instruction
}

#[test]
fn each_change_changes_what_it_names_and_nothing_else() {
    let (world, session, member) = joined();
    let rights = Rights::of(Role::Member);
    let later = |seconds: i64| world.now() + seconds;
    let moderator = Rights::of(Role::Moderator);
    let one = Permissions::SPEND.bits();
    let cases = [
        (MemberChanges { role: Some(Role::Moderator), ..NOTHING }, moderator),
        (MemberChanges { permissions: Some(one), ..NOTHING }, Rights { permissions: one, ..moderator }),
        (MemberChanges { role: Some(Role::Owner), permissions: Some(0), ..NOTHING }, Rights { permissions: 0, ..Rights::of(Role::Owner) }),
        (MemberChanges { role: Some(Role::Member), ..NOTHING }, rights),
        (MemberChanges { expires_in: Some(1), ..NOTHING }, Rights { expires_at: later(1), ..rights }),
        (MemberChanges { expires_in: Some(90), ..NOTHING }, Rights { expires_at: later(90), ..rights }),
        (MemberChanges { expires_in: Some(NO_EXPIRY), ..NOTHING }, Rights { expires_at: NEVER, ..rights }),
        (MemberChanges { quotas: Some(TEN_BYTES), ..NOTHING }, Rights { quotas: TEN_BYTES, ..rights }),
        (MemberChanges { quotas: Some(Quotas::UNLIMITED), ..NOTHING }, rights),
    ];
    let at = address::member(&session.address, &member.address());
    for (changes, expected) in cases {
        let (before, sessions) = (world.member(&session.address, &member), world.session(&session.address));
        let receipt = world.ok(update(&session, &member, changes), &session.creator);
        let mut after = MemberState { rights: expected, ..before };
        after.header.revision += 1;
        after.header.event_revision += 1;
        assert_eq!(world.member(&session.address, &member), after, "{changes:?}");
        assert_eq!(world.session(&session.address), sessions);
        let about = about(&world, &session, &at, [before.header.revision, after.header.revision]);
        let Rights { expires_at, permissions, role, .. } = expected;
        assert_told(&receipt, [MemberUpdated::new(about, member.address(), expires_at, permissions, role, [0; 3]).into()]);
    }
}

#[test]
fn what_is_out_of_its_range_is_named() {
    let (world, session, member) = joined();
    let cases: [(&str, Instruction, InvalidField); 11] = [
        ("nothing", update(&session, &member, NOTHING), InvalidField::Changes),
        ("an unknown change", raw(&session, &member, |update| update.changed |= 1 << 4), InvalidField::Changes),
        ("reserved 0", raw(&session, &member, |update| update.reserved[0] = 1), InvalidField::Reserved),
        ("reserved 2", raw(&session, &member, |update| update.reserved[2] = 1), InvalidField::Reserved),
        ("role", raw(&session, &member, |update| (update.changed, update.role) = (1, 4)), InvalidField::Role),
        ("permissions", update(&session, &member, MemberChanges { permissions: Some(1 << 9), ..NOTHING }), InvalidField::Permissions),
        ("all bits", update(&session, &member, MemberChanges { permissions: Some(u32::MAX), ..NOTHING }), InvalidField::Permissions),
        ("expires_in", update(&session, &member, MemberChanges { expires_in: Some(0), ..NOTHING }), InvalidField::ExpiresIn),
        ("operations", with_quotas(&session, &member, |q| q.operations = UNSOUND), InvalidField::QuotaOfOperations),
        ("units", with_quotas(&session, &member, |q| q.units = UNSOUND), InvalidField::QuotaOfUnits),
        ("bytes", with_quotas(&session, &member, |q| q.bytes = UNSOUND), InvalidField::QuotaOfBytes),
    ];
    for (case, update, field) in cases {
        refused_in(case, &world, &update, &[&session.creator], field);
    }
}

/// An update to no limits but those that are changed here.
fn with_quotas(session: &TestSession, member: &Actor, change: impl FnOnce(&mut Quotas)) -> Instruction {
    let mut quotas = Quotas::UNLIMITED;
    change(&mut quotas);
    update(session, member, MemberChanges { quotas: Some(quotas), ..NOTHING })
}

#[test]
fn a_limit_does_not_fall_below_its_use() {
    let (world, session, member) = joined();
    world.ok(session.say(&member, b"four"), &member);
    let limit = |limit| Quota { limit, ..Quota::UNLIMITED };
    let creator = &session.creator;
    refused(&world, &with_quotas(&session, &member, |q| q.bytes = limit(3)), &[creator], InvalidField::QuotaOfBytes);
    refused(&world, &with_quotas(&session, &member, |q| q.operations = limit(0)), &[creator], InvalidField::QuotaOfOperations);
    world.ok(with_quotas(&session, &member, |q| (q.bytes, q.operations, q.units) = (limit(4), limit(1), limit(0))), creator);
    refused(&world, &session.say(&member, b""), &[&member], SessionError::QuotaExceeded);
}

#[test]
fn windows_of_another_length_begin_empty_and_others_go_on() {
    let (world, session, member) = joined();
    let window = |window_limit, window_seconds| Quota { window_limit, window_seconds, ..Quota::UNLIMITED };
    let creator = &session.creator;
    world.ok(with_quotas(&session, &member, |q| q.bytes = window(4, 600)), creator);
    world.ok(session.say(&member, b"four"), &member);
    let used = |world: &World| world.member(&session.address, &member).usage.bytes;
    assert_eq!(used(&world), Used { total: 4, in_window: 4, window: 0 });
    refused(&world, &with_quotas(&session, &member, |q| q.bytes = window(3, 600)), &[creator], InvalidField::QuotaOfBytes);
    world.ok(with_quotas(&session, &member, |q| q.bytes = window(5, 600)), creator);
    assert_eq!(used(&world), Used { total: 4, in_window: 4, window: 0 });
    world.ok(with_quotas(&session, &member, |q| q.bytes = window(3, 601)), creator);
    assert_eq!(used(&world), Used { total: 4, in_window: 0, window: 0 });
}

#[test]
fn the_authority_gives_more_than_it_has_itself() {
    let (world, session, heir) = joined();
    let member = session.joined(&world, "other");
    hand_over(&world, &session, &heir);
    let changes = MemberChanges { role: Some(Role::Owner), ..NOTHING };
    for target in [&member, &heir] {
        world.ok(instruction::update_member(heir.address(), session.address, target.address(), changes), &heir);
        assert_eq!(world.member(&session.address, target).rights, Rights::of(Role::Owner));
    }
}

#[test]
fn only_the_authority_changes_members() {
    let (world, session, member) = joined();
    let moderator = moderator(&world, &session, "moderator");
    let owner = session.invited(&world, "owner", Terms::of(Role::Owner));
    for other in [&moderator, &owner, &member, &session.host, &session.stranger] {
        let changes = MemberChanges { role: Some(Role::Observer), ..NOTHING };
        let update = instruction::update_member(other.address(), session.address, member.address(), changes);
        refused(&world, &update, &[other], SessionError::PermissionDenied);
    }
}

#[test]
fn one_who_is_not_in_the_session_is_not_changed() {
    let (world, session, left) = joined();
    let removed = session.joined(&world, "removed");
    leave(&world, &session, &left);
    remove(&world, &session, &removed);
    let changes = MemberChanges { role: Some(Role::Observer), ..NOTHING };
    for (member, error) in [
        (&left, SessionError::MemberNotActive),
        (&removed, SessionError::MemberNotActive),
        (&session.stranger, SessionError::MemberNotFound),
    ] {
        refused(&world, &update(&session, member, changes), &[&session.creator], error);
    }
}

#[test]
fn expired_member_gets_more_time() {
    let (world, session, member) = joined();
    world.set_time(end_in(&world, &session, &member, 10));
    refused(&world, &session.say(&member, b"late"), &[&member], Denial::Expired);
    end_in(&world, &session, &member, 10);
    world.ok(session.say(&member, b"in time"), &member);
}
