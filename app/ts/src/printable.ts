/** Text of others, as it can be shown. */

/** What a terminal would obey, or what turns the order of what is read around. */
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text with nothing in it that a terminal would obey: each such character is replaced. */
export const printable = (text: string): string => text.replace(OBEYED, '\ufffd');
