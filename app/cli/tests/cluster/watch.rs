//! A session as it goes on: the screen, and the lines.

use {
    super::{Answers, World, faulty::Faulty},
    ratatui::{Terminal, backend::TestBackend},
    serde_json::Value,
    sessions_cli::{
        arguments::{self, Command},
        cluster::Settings,
        commands::{
            self,
            looking::past::Found,
            looking::watch::{
                model::{Key, Model, Todo},
                screen,
                source::{News, Seen, Source},
            },
        },
        context::Context,
        failed::Failed,
        who::Who,
    },
    sessions_client::{Embedded, Ledger, cache::core::Stage, ledger::Commitment},
    solana_keypair::Keypair,
    std::{
        future::Future,
        io::{self, Write},
    },
    tokio::sync::mpsc,
};

/// Does something that needs the client's cache, which runs in tokio.
fn on_tokio<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// What the screen shows of a model, line by line.
fn drawn(model: &Model, (columns, rows): (u16, u16)) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| screen::draw(frame, model)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let cells: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
    cells.chunks(columns.into()).map(|line| line.concat().trim_end().to_owned()).collect()
}

/// Looks at gm's session night as gm.
async fn looking(world: &World) -> Source<Embedded> {
    looking_by(world, &world.ledger).await
}

/// The same by a ledger of one's own.
async fn looking_by<L: Ledger>(world: &World, ledger: &L) -> Source<L> {
    let (_, options) = arguments::parse(world.words("show night -k @gm.json")).unwrap();
    let who = Who::new(&Settings::with_default(&options.reading, None).unwrap(), &options);
    let context = Context { ledger, cluster: "embedded", who: &who, commitment: Commitment::Confirmed };
    let session = context.session("night").await.unwrap();
    Source::open(ledger.clone(), &session, Keypair::new_from_array([1; 32])).await.unwrap()
}

fn has(screen: &[String], text: &str) {
    assert!(screen.iter().any(|line| line.contains(text)), "{text}:\n{}", screen.join("\n"));
}

#[test]
fn the_screen_shows_state_members_and_what_happened() {
    let world = World::new();
    world.sends("gm", "open-session night --max-members 4");
    world.sends("ana", "join-session @gm.json/night");
    world.sends("ana", "broadcast-message @gm.json/night hello");
    let model = on_tokio(async {
        let mut model = Model::new("night", "embedded", Some(World::address("gm")));
        has(&drawn(&model, (100, 24)), "night on embedded · reading …");
        model.see(looking(&world).await.look().await.unwrap());
        model
    });
    let screen = drawn(&model, (100, 24));
    for text in ["Active · 1h left · 2 of 4 members · confirmed at slot", "vault 0 SOL", "Members (2)", "Owner", "Member", "0s ago"] {
        has(&screen, text);
    }
    let ana = World::address("ana").to_string();
    has(&screen, &format!("MessageBroadcast (#1) by {}…{}: \"hello\"", &ana[..4], &ana[ana.len() - 4..]));
    assert_eq!(screen.last().unwrap(), "m message · ↑↓ look back · r read again · q quit");
    // Whatever the size, it is drawn.
    for size in [(1, 1), (20, 5), (300, 100)] {
        drawn(&model, size);
    }
}

#[test]
fn a_message_is_shown_from_its_submission_to_its_end() {
    let world = World::new();
    world.sends("gm", "open-session night");
    on_tokio(async {
        let mut source = looking(&world).await;
        let mut model = Model::new("night", "embedded", Some(World::address("gm")));
        model.see(source.look().await.unwrap());
        for key in [Key::Char('m'), Key::Char('h'), Key::Char('i')] {
            assert_eq!(model.press(key), Todo::Nothing);
        }
        has(&drawn(&model, (100, 24)), "to everyone, in public: hi");
        assert_eq!(model.press(Key::Enter), Todo::Broadcast("hi".into()));
        has(&drawn(&model, (100, 24)), "message \"hi\"  loading");
        let (report, mut news) = mpsc::channel(16);
        source.sender().broadcast("hi", report);
        let mut stages = Vec::new();
        while let Some(heard) = news.recv().await {
            if let News::Staged(_, stage) = &heard {
                stages.push(stage.name());
            }
            model.hear(heard);
        }
        assert_eq!((stages.first(), stages.last()), (Some(&"local"), Some(&"finalized")), "{stages:?}");
        assert!(matches!(model.sent[0].stage, Ok(Some(Stage::Finalized { .. }))));
        has(&drawn(&model, (100, 24)), "message \"hi\"  finalized");
        model.see(source.look().await.unwrap());
        has(&drawn(&model, (100, 24)), ": \"hi\"");
    });
}

#[test]
fn a_message_that_the_rules_refuse_is_told_at_once_and_not_sent() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("gm", "pause-session night");
    on_tokio(async {
        let source = looking(&world).await;
        let (report, mut news) = mpsc::channel(16);
        source.sender().broadcast("hi", report);
        let Some(News::Refused(why)) = news.recv().await else { panic!("it is refused") };
        assert!(why.contains("SessionNotActive"), "{why}");
    });
}

#[test]
fn a_session_that_is_deleted_is_told_to_be() {
    let world = World::new();
    world.sends("gm", "open-session night");
    on_tokio(async {
        let mut source = looking(&world).await;
        let mut model = Model::new("night", "embedded", None);
        model.see(source.look().await.unwrap());
        for line in ["close-session night", "complete-close night", "reclaim-children night", "reclaim-session night"] {
            world.sends("gm", line);
        }
        // The cache is told by the ledger, in its own time.
        while model.seen.as_ref().is_some_and(|seen| seen.session.is_some()) {
            source.changed().await;
            model.see(source.look().await.unwrap());
        }
        has(&drawn(&model, (100, 24)), "night on embedded · the session is deleted");
        has(&drawn(&model, (100, 24)), "SessionDeleted");
    });
}

/// What a command line prints that needs the cache.
fn printed(world: &World, line: &str) -> Result<String, Failed> {
    let mut out = Vec::new();
    print(world, &world.ledger, line, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

/// Prints that by a ledger of one's own.
fn print<L: Ledger>(world: &World, ledger: &L, line: &str, out: &mut dyn Write) -> Result<(), Failed> {
    let (command, options) = arguments::parse(world.words(line)).map_err(|error| arguments::wrong(&error))?;
    let Command::Cluster(command) = command else { panic!("{line} is no command on a cluster") };
    let who = Who::new(&Settings::with_default(&options.reading, None)?, &options);
    let context = Context { ledger, cluster: "embedded", who: &who, commitment: Commitment::Confirmed };
    let mut nobody = Answers::nobody();
    on_tokio(commands::run(&context, command, Keypair::new_from_array([99; 32]), &options, &mut nobody, out))
}

#[test]
fn without_a_terminal_it_is_a_line_for_each_thing() {
    let world = World::new();
    world.sends("gm", "open-session night --max-members 4");
    world.sends("gm", "broadcast-message night hello");
    let told = printed(&world, "watch night -k @gm.json --for 1s").unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 5, "{told}");
    assert!(lines[3].contains("MessageBroadcast (#1)") && lines[4].starts_with("session: Active, 1 of 4 members, "), "{told}");
    let at = sessions_client::address::session(&World::address("gm"), &sessions_client::address::id_from_text("night"));
    // Whoever only looks needs no key.
    let told = printed(&world, &format!("watch {at} -k @nobody.json --for 1s --json")).unwrap();
    let documents: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&documents[3]["event"]["name"], &documents[4]["session"]["status"]), (&"MessageBroadcast".into(), &"Active".into()));
}

#[test]
fn watch_has_one_level_and_takes_no_other() {
    let world = World::new();
    world.sends("gm", "open-session night");
    assert!(printed(&world, "watch night -k @gm.json --for 0s --commitment confirmed").is_ok());
    for level in ["processed", "finalized"] {
        let failed = printed(&world, &format!("watch night -k @gm.json --for 0s --commitment {level}")).unwrap_err();
        assert_eq!((failed.name.as_str(), failed.code), ("InvalidArgument", 2));
        assert!(failed.message.contains("what is confirmed") && failed.hint.contains("leave --commitment out"), "{failed}");
    }
    let help = arguments::command_line().find_subcommand_mut("watch").unwrap().render_help().to_string();
    assert!(!help.contains("--commitment"), "{help}");
}

#[test]
fn a_session_that_is_not_there_is_not_watched() {
    let world = World::new();
    assert_eq!(printed(&world, "watch day -k @gm.json").unwrap_err().name, "SessionNotFound");
    assert_eq!(printed(&world, "watch day -k @gm.json --for soon").unwrap_err().name, "InvalidArgument");
}

/// The names of the events that were found, and what else was.
fn found(seen: &Seen) -> Vec<String> {
    let documents = seen.found.iter().map(Found::json);
    documents.map(|found| found["event"]["name"].as_str().or(found["type"].as_str()).unwrap().to_owned()).collect()
}

const OPENED: [&str; 3] = ["SessionRequested", "SessionCreated", "SessionActivated"];

#[test]
fn what_was_found_is_kept_until_everything_else_is_read() {
    let world = World::new();
    world.sends("gm", "open-session night");
    on_tokio(async {
        let mut source = looking_by(&world, &Faulty::new(&world.ledger, |name, before| name == "clock" && before == 1)).await;
        // The cache has asked for the clock once.
        assert_eq!(source.look().await.map(drop).unwrap_err().name, "RateLimited");
        assert_eq!(found(&source.look().await.unwrap()), OPENED);
        assert_eq!(found(&source.look().await.unwrap()), [""; 0]);
    });
}

#[test]
fn what_was_read_in_part_is_read_again_and_is_no_gap() {
    let world = World::new();
    world.sends("gm", "open-session night");
    world.sends("gm", "broadcast-message night hello");
    on_tokio(async {
        let mut source = looking_by(&world, &Faulty::new(&world.ledger, |name, before| name == "receipt" && before == 1)).await;
        assert_eq!(source.look().await.map(drop).unwrap_err().name, "RateLimited");
        let seen = source.look().await.unwrap();
        assert_eq!(found(&seen), [&OPENED[..], &["MessageBroadcast"]].concat());
    });
}

#[test]
fn events_say_that_the_session_is_another_where_the_web_socket_says_nothing() {
    let world = World::new();
    world.sends("gm", "open-session night");
    on_tokio(async {
        let mut source = looking_by(&world, &Faulty::new(&world.ledger, |_, _| false)).await;
        let status = |seen: Seen| seen.session.unwrap().state.status;
        let before = status(source.look().await.unwrap());
        // Whatever is on its way at first is over.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        world.sends("gm", "pause-session night");
        let mut seen = source.look().await.unwrap();
        assert_eq!(found(&seen), ["SessionPaused"]);
        for _ in 0..3 {
            if seen.session.as_ref().unwrap().state.status == before {
                source.changed().await;
                seen = source.look().await.unwrap();
            }
        }
        assert_ne!(status(seen), before);
    });
}

#[test]
fn lines_go_on_after_a_node_that_had_enough() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let ledger = Faulty::new(&world.ledger, |name, before| name == "history" && before < 2);
    let mut out = Vec::new();
    print(&world, &ledger, "watch night -k @gm.json --for 6s --json", &mut out).unwrap();
    let lines = String::from_utf8(out).unwrap();
    let kinds: Vec<Value> = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].clone()).collect();
    assert_eq!(kinds, ["trouble", "event", "event", "event", "session"], "{lines}");
}

/// A reader who left after the first line.
struct Left(bool);

impl Write for Left {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0 = true;
        Ok(())
    }
}

#[test]
fn it_ends_when_nobody_reads_any_more() {
    let world = World::new();
    world.sends("gm", "open-session night");
    for line in ["watch night -k @gm.json", "watch night -k @gm.json --json"] {
        assert_eq!(print(&world, &world.ledger, line, &mut Left(false)), Ok(()));
    }
}

#[test]
fn how_old_a_reading_is_stands_out_once_it_is() {
    let world = World::new();
    world.sends("gm", "open-session night");
    let mut seen = on_tokio(async { looking(&world).await.look().await.unwrap() });
    seen.session.as_mut().unwrap().age = std::time::Duration::from_secs(16);
    let mut model = Model::new("night", "embedded", None);
    model.see(seen);
    assert!(drawn(&model, (120, 24))[0].contains("⚠ confirmed at slot"), "{}", drawn(&model, (120, 24))[0]);
}
