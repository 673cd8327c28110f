//! Writes `tests/compute-units.json` and `docs/compute-units.md`: what `make bench` runs.

use {
    sessions_tests::compute_units::Table,
    std::{fs, io, path::Path},
};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = Table::measure();
    fs::write(root.join("compute-units.json"), table.to_json())?;
    fs::write(root.join("../docs/compute-units.md"), table.to_markdown())?;
    println!("{}", table.to_markdown());
    Ok(())
}
