//! What every command's help says.

use {
    clap::Command,
    sessions_cli::{arguments, scenario::instructions::INSTRUCTIONS},
    std::collections::BTreeSet,
};

fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("  sessions ")).map(str::to_owned).collect()
}

/// The words of an example, up to what it is piped into.
fn words(example: &str) -> Vec<String> {
    let quoted = example.split('\'').enumerate();
    let words = quoted.flat_map(|(i, part)| match i % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    ["sessions".to_owned()].into_iter().chain(words).take_while(|word| word != "|").collect()
}

#[test]
fn every_command_has_examples_that_can_be_typed() {
    let line = arguments::command_line();
    line.clone().debug_assert();
    for command in line.get_subcommands() {
        let examples = examples(command);
        assert!(!examples.is_empty(), "{} has no examples", command.get_name());
        for example in examples {
            let place = "SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8";
            let address = example.replace("MEMBER_ACCOUNT_ADDRESS", place).replace("NONCE_ACCOUNT_ADDRESS", place);
            let read = arguments::parse(words(&address));
            assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
        }
    }
}

#[test]
fn every_command_has_json() {
    let mut commands = vec![arguments::command_line()];
    let mut seen = 0;
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        if command.get_subcommands().next().is_none() {
            let named = command.get_arguments().any(|argument| argument.get_long() == Some("json"));
            assert!(named, "{} has no --json", command.get_name());
            seen += 1;
        }
    }
    assert!(seen > INSTRUCTIONS.len() / 2, "{seen} commands are too few");
}

#[test]
fn what_watch_prints_as_json_is_lines() {
    let mut line = arguments::command_line();
    let help = line.find_subcommand_mut("watch").unwrap().render_help().to_string();
    assert!(help.contains("Print a line of JSON for each thing") && !help.contains("Print one JSON document"), "{help}");
}

#[test]
fn the_help_lists_every_command_once_by_topic() {
    let help = arguments::command_line().render_help().to_string();
    for command in arguments::command_line().get_subcommands() {
        let listed =
            help.lines().filter(|line| line.strip_prefix("  ").is_some_and(|line| line.split(' ').next() == Some(command.get_name())));
        let listed: Vec<&str> = listed.collect();
        assert_eq!(listed.len(), 1, "{}", command.get_name());
        let about = command.get_about().unwrap().to_string();
        assert!(listed[0].contains(&about), "{} says {about:?} of itself", command.get_name());
    }
    for topic in ["A session's life:", "Its vault:", "Keys and lamports:", "Trying out, and setting up:", "Exit codes:"] {
        assert!(help.contains(topic), "{topic}");
    }
}

#[test]
fn what_scenarios_can_do_the_command_line_can_by_the_same_names() {
    let line = arguments::command_line();
    let known: BTreeSet<&str> = line.get_subcommands().flat_map(Command::get_name_and_visible_aliases).collect();
    let of_others = ["create_mint", "mint_tokens", "open_board", "make_move", "surrender", "close_board"];
    for entry in INSTRUCTIONS.iter().filter(|entry| !of_others.contains(&entry.name)) {
        for name in [Some(entry.name), entry.short].into_iter().flatten() {
            assert!(known.contains(name.replace('_', "-").as_str()), "{name}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_one_line_with_a_hint() {
    let told = |line: &str| arguments::wrong(&arguments::parse(words(line)).unwrap_err());
    for (line, message, hint) in [
        ("opn-session night", "there is no command \"opn-session\"", "did you mean \"open-session\"?"),
        ("pause_session night", "there is no command \"pause_session\"", "did you mean \"pause-session\"?"),
        ("dance night", "there is no command \"dance\"", "`sessions --help` lists"),
        ("show", "the following required arguments were not provided: <SESSION>", "usage: sessions show"),
        ("set-allowance night ana.json --windw 1SOL/1d", "unexpected argument '--windw' found", "--window"),
        ("deposit night -1SOL", "\"-1\" is negative", "without the sign"),
        ("broadcast-message night --zzz", "unexpected argument '--zzz' found", "usage: sessions broadcast-message"),
        ("open-session night --max-duration 90", "\"90\" is no duration; did you mean \"90s\"?", ""),
        ("update-member night ana --permissions SEND_MESAGES", "did you mean \"SEND_MESSAGES\"?", ""),
        ("show night --commitment sure", "there is no commitment \"sure\"", ""),
        ("spend night ana 1SOL --as ana", "--session-key", "usage: "),
    ] {
        let failed = told(line);
        assert!(failed.message.contains(message) && failed.hint.contains(hint), "{line}: {failed}");
        assert_eq!((failed.name.as_str(), failed.code, failed.to_string().lines().count()), ("InvalidArgument", 2, 2), "{line}");
    }
}
