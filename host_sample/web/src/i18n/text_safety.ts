// Text from elsewhere is text: nothing in it may act on the page around it. What would be invisible or would turn the
// direction of its neighbours is shown as a sign of its own.

const hidden =
  // Control characters but tab and newline, C1, soft hyphen, direction marks and overrides, line separators, byte order mark.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function sign(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

export function visible(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(hidden, sign).toWellFormed();
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\ud802\ud803\ud83a\ud83b]/;

/** For a visible text inside a sentence: if it runs the other way, its direction stays its own. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** The first `limit` characters, never half of one. */
export function cutTo(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${cutTo(text, limit - 1).trimEnd()}…`;
}
