// What the page itself has, saved by the browser as a file.

export function saveText(text: string, name: string, ending: "txt" | "json" | "xml" | "csv"): void {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.href = address;
  link.download = `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 100)}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** As the host's own CSV: no cell is taken for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function saveRows(rows: readonly (readonly string[])[], name: string): void {
  saveText(rows.map((row) => `${row.map(cell).join(",")}\r\n`).join(""), name, "csv");
}
