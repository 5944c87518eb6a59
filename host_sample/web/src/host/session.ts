// Who this page is for the host: the access token of the printed address is changed for a session, kept by this browser
// for this host's path, and sent as a header. There is no cookie.
import { signal } from "@preact/signals";
import { asProblem, record, words } from "./protocol";

const kept = `cockpit-session ${location.pathname.replace(/[^/]*$/, "")}`;

/** Why there is no session: a page that says so takes the place of everything. */
export const refusal = signal<string | null>(null);

let session: string | null = read();

function read(): string | null {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}

function keep(value: string | null): void {
  session = value;
  try {
    if (value === null) localStorage.removeItem(kept);
    else localStorage.setItem(kept, value);
  } catch {
    // Without storage the session lives as long as this page.
  }
}

export function headers(): Record<string, string> {
  return session === null ? {} : { Authorization: `Bearer ${session}` };
}

export function hasSession(): boolean {
  return session !== null;
}

/** A name for what the tabs of one session share, which does not give the session away. */
export function sessionName(): string {
  let sum = 0;
  for (const sign of session ?? "") sum = (Math.imul(sum, 31) + sign.charCodeAt(0)) | 0;
  return `${kept} 1 ${sum}`;
}

/** The host refuses the session. One that another tab got meanwhile may do. */
export function sessionRefused(used: string | undefined, why: string): boolean {
  const current = read();
  if (current !== null && `Bearer ${current}` !== used) {
    session = current;
    return true;
  }
  keep(null);
  refusal.value = why;
  return false;
}

/** When another tab gets a session, this one goes on with it. */
export function onSession(begin: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key !== kept || event.newValue === null) return;
    session = event.newValue;
    refusal.value = null;
    begin();
  });
}

/** Takes the token out of the address, before anything can be linked or stored, and changes it for a session. */
export async function takeToken(): Promise<void> {
  const match = /^#token=([^&/]*)[&/]?(.*)$/.exec(location.hash);
  if (!match) return;
  history.replaceState(null, "", `${location.pathname}${location.search}${match[2] ? `#/${match[2]}` : ""}`);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch("api/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token: decodeURIComponent(match[1] ?? "") }),
      });
      const body: unknown = await response.json().catch(() => null);
      const got = words(record(body).session);
      if (response.ok && got) keep(got);
      else if (!hasSession()) refusal.value = asProblem(body, response.status, `${response.status}`).detail;
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, Math.min(5000, 300 * 2 ** attempt)));
    }
  }
}
