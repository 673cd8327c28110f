//! The README's transcript is what the commands print.

use {
    super::{PEOPLE, World},
    sessions_cli::arguments::{self, Command},
    solana_keypair::Keypair,
    std::fmt::Write,
};

/// A command line with the files that it names in the world's folder; without a wallet it is gm's.
fn placed(line: &str) -> String {
    let wallet = if line.contains("-k ") { "" } else { " -k @gm.json" };
    let words =
        line.split(' ').map(|word| if [".json", ".link"].iter().any(|end| word.contains(end)) { format!("@{word}") } else { word.into() });
    format!("{}{wallet}", words.collect::<Vec<_>>().join(" "))
}

/// What the commands of a transcript print.
fn play(transcript: &str) -> String {
    let world = World::new();
    let mut played = String::new();
    for line in transcript.lines().filter_map(|line| line.strip_prefix("$ sessions ")) {
        let line = line.split("  #").next().unwrap();
        writeln!(played, "$ sessions {line}").unwrap();
        let line = placed(line);
        let told = match arguments::parse(world.words(&line)) {
            Ok((Command::Keys(command), options)) => {
                let mut out = Vec::new();
                let key = Keypair::new_from_array([PEOPLE.len() as u8 + 1; 32]);
                command.run(|| unreachable!("no wallet is asked for"), &key, &options, &mut out).unwrap();
                String::from_utf8(out).unwrap()
            }
            _ => world.run(&line).unwrap_or_else(|failed| format!("{failed}\n")),
        };
        played.push_str(&told.replace(&format!("{}/", world.folder.path().display()), ""));
    }
    played
}

#[test]
fn the_readme_shows_what_the_commands_print() {
    let readme = include_str!("../../README.md");
    let transcripts: Vec<&str> = readme.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!transcripts.is_empty());
    for transcript in transcripts {
        let played = play(transcript);
        assert_eq!(transcript, played, "put what is printed into app/cli/README.md:\n{played}");
    }
}
