//! Draws the model.

use {
    super::{
        model::{Model, Short},
        source::{Seen, SessionSeen},
        stream::OLD,
    },
    crate::{
        book::Book,
        report::{format, naming::Naming},
    },
    ratatui::{
        Frame,
        layout::{Constraint, Layout, Rect},
        style::{Color, Style, Stylize},
        text::Line,
        widgets::{Block, Cell, Paragraph, Row, Table},
    },
    sessions_client::{
        cache::core::Stage,
        core::{
            MemberState,
            rules::{lifecycle::Status, membership::MemberStatus, membership::Role},
        },
    },
};

/// What is shown of the session's fields, where there is something to show.
const FIELDS: [&str; 10] = [
    "kind",
    "settings",
    "permissions",
    "quotas",
    "usage",
    "message_sequence",
    "checkpoint_sequence",
    "executions",
    "paused_at",
    "close_reason",
];
/// The most lines of one's own messages.
const MOST_PENDING: u16 = 6;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, model: &Model) {
    let pending = u16::try_from(model.sent.len()).unwrap_or(MOST_PENDING).min(MOST_PENDING);
    let pending = if pending == 0 { 0 } else { pending.saturating_add(2) };
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Percentage(40),
        Constraint::Min(3),
        Constraint::Length(pending),
        Constraint::Length(1),
    ]);
    let [head, middle, happened, sent, foot] = rows.areas(frame.area());
    let [state, members] = Layout::horizontal([Constraint::Percentage(45), Constraint::Percentage(55)]).areas(middle);
    frame.render_widget(Line::from(headline(model)).bold(), head);
    if let Some(seen) = &model.seen {
        draw_state(frame, state, seen);
        draw_members(frame, members, seen);
    }
    draw_happened(frame, happened, model);
    draw_sent(frame, sent, model);
    let footer = Line::from(model.footer(foot.width.into()));
    frame.render_widget(if model.warns() { footer.fg(Color::Yellow) } else { footer.dim() }, foot);
}

/// The session in one line: its status, its time, how many are in it, and how fresh that is.
fn headline(model: &Model) -> String {
    let name = format!("{} on {}", model.title, model.cluster);
    match model.seen.as_ref().map(|seen| (seen, &seen.session)) {
        None => format!("{name} · reading …"),
        Some((_, None)) => format!("{name} · the session is deleted"),
        Some((seen, Some(session))) => {
            let SessionSeen { state, freshness, age, .. } = session;
            let status = Status::from_byte(state.status).map_or("", |status| status.name());
            let left = state.end(seen.now).map(|end| end.saturating_sub(seen.now).max(0).unsigned_abs());
            let left = left.map_or(String::new(), |left| format!(" · {} left", format::seconds(left)));
            let old = if *age < OLD { "" } else { "⚠ " };
            format!(
                "{name} · {status}{left} · {} of {} members · {old}{} at slot {}, {} s ago",
                state.members,
                state.config.max_members,
                freshness.level.name(),
                freshness.slot,
                age.as_secs(),
            )
        }
    }
}

fn draw_state(frame: &mut Frame<'_>, area: Rect, seen: &Seen) {
    let mut lines = vec![Line::from(format!("vault {}", format::amount(seen.vault)))];
    if let Some(session) = &seen.session {
        for who in ["authority", "host"] {
            if let Some(found) = session.described.get(who) {
                lines.push(Line::from(format!("{who} {}", found.show(&Short))));
            }
        }
        let shown = super::super::show::lines(&session.described, &FIELDS, &Book::default());
        lines.extend(shown.into_iter().map(|(name, value)| Line::from(format!("{} {value}", name.replace('_', " ")))));
    }
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title("Session")), area);
}

fn draw_members(frame: &mut Frame<'_>, area: Rect, seen: &Seen) {
    let rows = seen.members.iter().map(|member| {
        let status = MemberStatus::from_byte(member.status).map_or("", |status| status.name());
        let role = Role::from_byte(member.rights.role).map_or("", |role| role.name());
        let row = Row::new([
            Cell::from(Book::default().name(&member.wallet).or_else(|| Short.name(&member.wallet)).unwrap_or_default()),
            Cell::from(role),
            Cell::from(status),
            Cell::from(member.usage.operations.total.to_string()),
            Cell::from(last_seen(member, seen.now)),
        ]);
        if member.is_active() { row } else { row.dim() }
    });
    let widths = [Constraint::Length(11), Constraint::Length(9), Constraint::Length(8), Constraint::Length(5), Constraint::Min(8)];
    let head = Row::new(["wallet", "role", "status", "acts", "last act"]).dim();
    let more = if seen.more_members > 0 { format!(", and {} more", seen.more_members) } else { String::new() };
    let block = Block::bordered().title(format!("Members ({}{more})", seen.members.len()));
    frame.render_widget(Table::new(rows, widths).header(head).block(block), area);
}

fn last_seen(member: &MemberState, now: i64) -> String {
    match member.last_active_at {
        0 => "never".into(),
        at => format!("{} ago", format::seconds(now.saturating_sub(at).max(0).unsigned_abs())),
    }
}

fn draw_happened(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let room = usize::from(area.height.saturating_sub(2));
    let end = model.lines.len().saturating_sub(model.back);
    let start = end.saturating_sub(room);
    let lines: Vec<Line<'_>> = model.lines.range(start..end).map(|line| Line::from(line.as_str())).collect();
    let title = if model.back == 0 { "What happened".to_owned() } else { format!("What happened ({} later lines below)", model.back) };
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(title)), area);
}

fn draw_sent(frame: &mut Frame<'_>, area: Rect, model: &Model) {
    let skipped = model.sent.len().saturating_sub(usize::from(MOST_PENDING));
    let lines: Vec<Line<'_>> = model
        .sent
        .iter()
        .skip(skipped)
        .map(|sent| {
            let (text, color) = match &sent.stage {
                Ok(None) => ("loading".to_owned(), Color::Reset),
                Ok(Some(stage)) => (stage.to_string(), color(stage)),
                Err(why) => (why.clone(), Color::Red),
            };
            Line::from(vec![format!("{}  ", sent.text).into(), ratatui::text::Span::styled(text, Style::new().fg(color))])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title("Your operations")), area);
}

const fn color(stage: &Stage) -> Color {
    match stage {
        Stage::Confirmed { .. } | Stage::Finalized { .. } => Color::Green,
        Stage::Failed { .. } | Stage::Expired | Stage::RolledBack(_) => Color::Red,
        Stage::Local | Stage::Sent | Stage::Processed { .. } => Color::Yellow,
    }
}
