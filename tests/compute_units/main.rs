//! The committed table of compute units, sizes and rents, made again and compared.

use {
    sessions_tests::compute_units::Table,
    std::{fs, path::Path},
};

fn committed(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_default()
}

#[test]
fn the_committed_table_is_what_the_program_costs() {
    let table = Table::measure();
    let help = "the program's costs have changed: look at the difference, then write the table with `make bench`";
    assert_eq!(committed("compute-units.json"), table.to_json(), "{help}");
    assert_eq!(committed("../docs/compute-units.md"), table.to_markdown(), "{help}");
}

#[test]
fn the_program_keeps_to_its_goals() {
    let table: Table = serde_json::from_str(&committed("compute-units.json")).unwrap();
    for (name, units) in &table.instructions {
        let goal = match name.as_str() {
            "open_session" => 3_500,
            "request_session" => 3_300,
            "reclaim_session" => 1_200,
            "reclaim_session, with a funded vault" => 4_000,
            "update_session, everything" => 1_000,
            _ => 800,
        };
        assert!(*units <= goal, "{name} takes {units} units and {goal} is the goal");
    }
    assert!(table.accounts["Session"].bytes <= 704);
    assert!(table.program_bytes <= 90 * 1_024);
}
