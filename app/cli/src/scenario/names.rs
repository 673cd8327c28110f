//! Names that were not found, and the nearest that would have been.

/// A text as it appears in a message: in quotes, on one line, and no longer than anyone wants to read.
pub fn quote(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// How many names are still few enough to list them all.
const FEW: usize = 12;

/// The end of a message about a name that is none of `valid`: the nearest if one is near, otherwise all of them if they are few.
///
/// It begins with its own separator and is empty if there is nothing to suggest.
pub fn hint<'a>(text: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let valid: Vec<&str> = valid.into_iter().collect();
    if let Some(name) = nearest(text, &valid) {
        return format!("; did you mean {}?", quote(name));
    }
    match valid.len() {
        0 => String::new(),
        1..=FEW => format!("; valid here: {}", valid.join(", ")),
        _ => String::new(),
    }
}

/// The one of `valid` that is probably meant: one with a letter changed, else the only one of whose words `text` is some, else one that is near.
pub fn nearest<'a>(text: &str, valid: &[&'a str]) -> Option<&'a str> {
    let (distance, name) = valid.iter().map(|name| (strsim::damerau_levenshtein(&fold(text), &fold(name)), *name)).min()?;
    let mut longer = valid.iter().filter(|name| has_words(name, text));
    match (longer.next(), longer.next()) {
        (Some(longer), None) if distance > 1 => Some(longer),
        _ => (distance <= 1 + text.chars().count().min(name.chars().count()) / 4).then_some(name),
    }
}

/// Whether `words` are whole words of a name, one after the other.
fn has_words(name: &str, words: &str) -> bool {
    let bounded = |text: &str| format!("_{}_", text.to_lowercase().replace(['-', ' '], "_"));
    !words.is_empty() && bounded(name).contains(&bounded(words))
}

/// A name without what people do not remember of it: case, and `_`, `-` or spaces between words.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let valid = ["begin_creation", "complete_creation", "pause_session"];
        assert_eq!(hint("begin_creaton", valid), r#"; did you mean "begin_creation"?"#);
        assert_eq!(hint("BeginCreation", valid), r#"; did you mean "begin_creation"?"#);
        assert_eq!(hint("puase_session", valid), r#"; did you mean "pause_session"?"#);
    }

    #[test]
    fn a_word_of_one_name_means_that_name() {
        assert_eq!(hint("version", ["session", "expect_version"]), r#"; did you mean "expect_version"?"#);
        assert_eq!(hint("validate", ["create_mint", "validate_session"]), r#"; did you mean "validate_session"?"#);
        assert_eq!(hint("limits", ["limit", "hard_limits"]), r#"; did you mean "limit"?"#);
        assert_eq!(hint("close", ["close_board", "close_session"]), "; valid here: close_board, close_session");
        assert_eq!(hint("ss", ["s_s", "session"]), r#"; did you mean "s_s"?"#);
        assert_eq!(hint("", ["one", "another"]), "; valid here: one, another");
    }

    #[test]
    fn without_a_near_one_the_few_are_listed() {
        assert_eq!(hint("zzzzzz", ["relay", "gm"]), "; valid here: relay, gm");
        assert_eq!(hint("zzzzzz", []), "");
        assert_eq!(hint("zzzzzz", (0..20).map(|_| "name")), "");
        assert_eq!(hint("ab", ["xy"]), "; valid here: xy");
    }

    #[test]
    fn a_quoted_text_is_one_short_line() {
        assert_eq!(quote("a\nb\"\u{1b}"), r#""a\nb\"\u{1b}""#);
        assert_eq!(quote(&"x".repeat(99)).chars().count(), 63);
    }
}
