// Events by one plain request after another, for who is behind something that keeps streams back: the host holds each
// request until there is something.
import { t } from "../i18n/translate";
import { record, words } from "./protocol";
import { headers } from "./session";
import { reader, refusedBy, take } from "./stream";

/** Until `ended`, or until it fails; why it did. */
export async function pollEvents(ended: AbortSignal, patience: number): Promise<string | null> {
  const ask = (path: string): Promise<Response> =>
    fetch(path, {
      method: "POST",
      headers: { ...headers(), "Content-Type": "application/json" },
      body: "{}",
      signal: AbortSignal.any([ended, AbortSignal.timeout(patience)]),
    });
  const used = headers();
  try {
    const opened = await ask("api/poll");
    if (!opened.ok) return await refusedBy(opened, used);
    const stream = words(record(await opened.json()).stream) ?? "";
    const feed = reader(take);
    for (;;) {
      const response = await ask(`api/poll/${encodeURIComponent(stream)}`);
      if (!response.ok) return await refusedBy(response, used);
      feed(await response.text());
      take("heartbeat", "null");
    }
  } catch {
    return t("hostGone");
  }
}
