//! The page for people who write a client: `docs/protocol.md`. Its sentences stand in `text`, its tables are made from the program.

mod accounts;
mod instructions;
mod rules;
mod told;
mod values;

pub use accounts::layout as account_layout;

use {
    super::{Result, words::hex},
    anchor_lang_idl_spec::{Idl, IdlDiscriminator},
    std::fmt::Write,
};

/// The whole page.
pub fn to_markdown(idl: &Idl) -> Result<String> {
    let mut page = String::new();
    write!(page, include_str!("../text/head.md"), program = idl.address)?;
    accounts::write(idl, &mut page)?;
    values::write(&mut page)?;
    rules::write(idl, &mut page)?;
    instructions::write(idl, &mut page)?;
    told::events(idl, &mut page)?;
    told::errors(&mut page)?;
    while page.contains("\n\n\n") {
        page = page.replace("\n\n\n", "\n\n");
    }
    Ok(page)
}

fn discriminator(bytes: &IdlDiscriminator) -> String {
    format!("`{}`, the bytes {bytes:?}", hex(bytes))
}
