//! Texts: documentation comments made into sentences of the page, and Markdown's tables.

use {super::Result, sessions_core::state::VERSION};

/// Sources whose documentation comments the page repeats where the IDL has none.
const SOURCES: [&str; 6] = [
    include_str!("../../../programs/core/src/rules/access.rs"),
    include_str!("../../../programs/core/src/rules/config.rs"),
    include_str!("../../../programs/core/src/rules/lifecycle.rs"),
    include_str!("../../../programs/core/src/rules/membership/mod.rs"),
    include_str!("../../../programs/core/src/rules/membership/update.rs"),
    include_str!("../../../programs/core/src/rules/permissions.rs"),
];

/// What the sources say of the value `name` of the list `list`: the comment above the line `name = …` behind the line `list … {`.
pub fn documentation(list: &str, name: &str) -> Result<String> {
    let (head, typed_head, value) = (format!("{list} {{"), format!("{list}: "), format!("{name} = "));
    for source in SOURCES {
        let lines = source.lines().map(str::trim);
        let mut docs = Vec::new();
        for line in lines.skip_while(|line| !(line.starts_with(&head) || line.starts_with(&typed_head))) {
            if let Some(doc) = line.strip_prefix("///") {
                docs.push(doc.trim().to_owned());
            } else if line.starts_with(&value) {
                return Ok(prose(&docs));
            } else {
                docs.clear();
            }
        }
    }
    Err(format!("{list}::{name} has no documentation").into())
}

/// Documentation lines as one paragraph, without what only a Rust reader needs.
pub fn prose(docs: &[String]) -> String {
    let text = docs.iter().filter(|line| !line.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    let text = text.replace(" (`unsafe(dup)`)", "");
    let text = match text.split_once("CHECK: ") {
        Some((before, after)) => format!("{before}{}", capitalized(after)),
        None => text,
    };
    linked(&text)
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Links within Rust's documentation become links within the page, or just names.
fn linked(text: &str) -> String {
    let mut page = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`")
        && let Some((name, after)) = link.split_once("`]")
    {
        page.push_str(before);
        page.push_str(&match name {
            "VERSION" => format!("The version of the layout: {VERSION}"),
            "CloseReason" => "[`CloseReason`](#close-reasons)".to_owned(),
            "AccessRights" | "Changed" | "Kind" | "MemberChanged" | "MemberStatus" | "Permissions" | "Role" | "Settings" | "Status" => {
                format!("[`{name}`](#{})", name.to_lowercase())
            }
            other => format!("`{}`", other.rsplit("::").next().unwrap_or(other)),
        });
        rest = after;
    }
    page + rest
}

/// A table: its head, its columns' alignments (`<` or `>`) and its rows.
pub fn table<const N: usize>(head: [&str; N], align: [char; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rule = align.map(|side| if side == '>' { "---:" } else { "---" }.to_owned());
    let lines = [head.map(str::to_owned), rule].into_iter().enumerate().map(|(i, cells)| (i == 1, cells));
    let rows = rows.into_iter().map(|cells| (false, cells.map(|cell| cell.replace('|', "\\|"))));
    let mut text = String::new();
    for (is_rule, cells) in lines.chain(rows) {
        let line = if is_rule { format!("|{}|", cells.join("|")) } else { format!("| {} |", cells.join(" | ")) };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Code in a sentence.
pub fn code(text: impl core::fmt::Display) -> String {
    format!("`{text}`")
}

/// Names as code, with commas between.
pub fn codes<T: core::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_document_their_values() {
        assert_eq!(documentation("Permissions", "SPEND").unwrap(), "Spend from an allowance.");
        assert_eq!(documentation("Status", "Active").unwrap(), "Members can act; the time runs.");
        assert_eq!(documentation("CloseReason", "Cancelled").unwrap().split(' ').next(), Some("The"));
        assert_eq!(documentation("MemberStatus", "Active").unwrap(), "In the session.");
        assert!(documentation("Status", "Nowhere").is_err());
    }

    #[test]
    fn comments_become_sentences() {
        let docs = ["Who pays.", "", "CHECK: its byte of [`Status`], of [`Used::window`] (`unsafe(dup)`)."].map(str::to_owned);
        assert_eq!(prose(&docs), "Who pays. Its byte of [`Status`](#status), of `window`.");
    }
}
