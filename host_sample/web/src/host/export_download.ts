// Takes a list along: the host walks all pages, the browser saves them.
import { t } from "../i18n/translate";
import { call } from "./api";
import { record, words, type Read } from "./protocol";

/** Begins a download of all pages; answers the reason if it did not. */
export async function exportAll(request: Read, format: "csv" | "json"): Promise<string | null> {
  const reply = await call("POST", "api/export", { ...request, format });
  if (!reply.ok) return reply.problem.detail;
  const ticket = words(record(reply.body).ticket);
  if (!ticket) return t("error");
  const link = document.createElement("a");
  link.href = `download/${encodeURIComponent(ticket)}`;
  link.download = "";
  link.click();
  return null;
}
