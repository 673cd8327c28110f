//! Shared values.

use {
    crate::{
        accounts::Accounts,
        call::{Call, Step, Stored},
        funds::Plan,
        membership::check_refund,
        outcome::Rejection,
        slot::{Slot, declared},
    },
    sessions::{
        instructions::{DeletePropertyArgs, SetPropertyArgs},
        state::{Denied, Member, Session},
    },
    sessions_core::{
        Address, PropertyState,
        events::EventSink,
        state::{At, PropertyKey, PropertyWrite},
    },
};

/// A property with the room for its value: the one that is there, or one that is made.
pub(crate) struct Property<'a> {
    pub property: Stored<'a, sessions::state::Property>,
    pub room: Vec<u8>,
    pub plan: Option<Plan<'a>>,
}

/// The property in a slot: loaded if there is one, or else planned.
pub(crate) fn open<'a, A: Accounts, E>(
    call: &mut Call<'a, A, E>,
    args: &SetPropertyArgs<'_>,
    place: Slot<'a>,
    payer: &'a Address,
    session: &Address,
) -> Step<Property<'a>> {
    if call.is_unowned(place)? {
        let room = PropertyState::size_with(args.capacity, args.value.len())?.saturating_sub(PropertyState::SIZE);
        let plan = call.plan::<sessions::state::Property>(place, payer, &PropertyState::seeds(session, args.key), room)?;
        return Ok(Property { property: Stored::zeroed(place.address), room: vec![0; room], plan: Some(plan) });
    }
    let property = call.write(place)?.copy();
    let room = call.account(place)?.and_then(|account| account.data.get(PropertyState::SIZE..)).unwrap_or_default().to_vec();
    Ok(Property { property, room, plan: None })
}

impl Property<'_> {
    /// Writes the property and its value, or makes it.
    pub fn save<A: Accounts, E>(&self, call: &mut Call<'_, A, E>) {
        let Self { property, room, plan } = self;
        if let Some(plan) = plan {
            return call.make(plan, property, room);
        }
        call.save(property);
        let data = call.accounts.get_mut(property.address).as_mut().and_then(|account| account.data.get_mut(PropertyState::SIZE..));
        if let Some(place) = data.filter(|place| place.len() == room.len()) {
            place.copy_from_slice(room);
        }
    }
}

pub(crate) fn set_property<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, payer, session, member, place, system] = declared(call.metas, &[2, 3, 4])?;
    let (signer, payer) = (signer.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let args: SetPropertyArgs<'_> = call.arguments()?;
    let key = PropertyKey::new(args.key).map_err(Rejection::from)?;
    let write = PropertyWrite { key, value: args.value, expected: args.expected_version };
    let Property { mut property, mut room, plan } = open(call, &args, place, payer, session.address)?;
    let made = plan.as_ref().map(Plan::creation);
    let act = call.act(place.address, signer);
    let of = At { address: session.address, state: &mut session.state };
    property.state.put(&act, of, &mut member.state, &mut room, &write, made.as_ref(), call.events)?;
    call.save(&session);
    call.save(&member);
    Property { property, room, plan }.save(call);
    Ok(())
}

pub(crate) fn delete_property<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member, property, payer] = declared(call.metas, &[1, 2, 3])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let mut property = call.write::<sessions::state::Property>(property)?.copy();
    let payer = payer.writable()?.address;
    check_refund(&property, payer)?;
    let args: DeletePropertyArgs = call.arguments()?;
    let act = call.act(property.address, signer);
    let of = At { address: session.address, state: &mut session.state };
    property.state.delete(&act, of, &mut member.state, args.expected_version, call.events)?;
    call.save(&session);
    call.save(&member);
    call.close(property.address, payer);
    Ok(())
}
