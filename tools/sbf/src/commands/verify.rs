//! `sbf verify`.

use {
    super::{Context, STEPS},
    crate::{
        cache::Versions,
        error::{Error, Result},
        manifest::{Manifest, Program, changes},
        progress::Progress,
    },
};

/// Checks that the committed program is what its sources build, byte for byte.
pub fn verify(context: &Context) -> Result<()> {
    let package = &context.package.name;
    let mut progress = Progress::new(STEPS + 2);
    progress.step("comparing sources and manifest");
    let manifest = Manifest::check(context.root(), package)?;
    let committed = context.read_committed()?;
    let committed = committed.ok_or_else(|| Error::Different(format!("{package}.so is not committed; run `make artifact`")))?;
    if Program::of(&committed) != manifest.program {
        return Err(Error::Different(format!(
            "the committed {package}.so is not the one in its manifest; restore it, or run `make artifact`"
        )));
    }
    let (bytes, toolchain) = context.by_recipe(&mut progress)?;
    progress.step("comparing the built program with the committed one");
    if bytes == committed {
        progress.note("they are equal");
        return Ok(());
    }
    Err(Error::Different(different(package, &committed, &bytes, &manifest.toolchain, &toolchain.versions)))
}

fn different(package: &str, committed: &[u8], built: &[u8], then: &Versions, now: &Versions) -> String {
    let place = committed.iter().zip(built).position(|(one, other)| one != other);
    let place = place.unwrap_or(committed.len().min(built.len()));
    let what = format!("the built {package}.so differs from the committed one, from byte {place} on");
    let changed: Vec<String> = changes(then, now)
        .into_iter()
        .map(|change| {
            let name = now.keys().chain(then.keys()).find(|name| change.starts_with(name.as_str()));
            let version = |versions: &Versions| name.and_then(|name| versions.get(name)).cloned().unwrap_or_else(|| "nothing".to_owned());
            format!("{} was {} and is {}", name.map_or("", String::as_str), version(then), version(now))
        })
        .collect();
    match changed.is_empty() {
        true => format!("{what}, with the same toolchain; run `make artifact`, and look for what is not in the manifest"),
        false => format!("{what}; the toolchain is another, which explains it: {}", changed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_toolchain_is_named() {
        let versions = |llvm: &str| Versions::from([("libllvm23".to_owned(), llvm.to_owned()), ("rustc".to_owned(), "1.96.0".to_owned())]);
        let told = |now: &str| different("sessions", b"abc", b"abd", &versions("1"), &versions(now));
        assert_eq!(
            told("2"),
            "the built sessions.so differs from the committed one, from byte 2 on; the toolchain is another, which explains it: \
             libllvm23 was 1 and is 2"
        );
        assert!(told("1").contains("with the same toolchain"));
    }
}
