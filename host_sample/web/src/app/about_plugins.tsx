// The host's own page: which plugins there are, in what state, and why one was refused.
import { useEffect } from "preact/hooks";
import type { Tone } from "../host/description";
import { host } from "../host/plugin_registry";
import { t, type TextKey } from "../i18n/translate";
import { Note, Pill } from "../ui/notes";
import { thingTitle, viewTitle } from "../ui/page_title";
import { Text } from "../ui/text";

const tones: { readonly [state: string]: Tone } = {
  serving: "success",
  starting: "info",
  refused: "danger",
  quarantined: "danger",
  stopped: "neutral",
};
const names: { readonly [state: string]: TextKey } = {
  serving: "state_serving",
  starting: "state_starting",
  refused: "state_refused",
  quarantined: "state_quarantined",
  stopped: "state_stopped",
};

export function About() {
  const reported = host.value;
  useEffect(() => {
    viewTitle.value = t("about");
    thingTitle.value = "";
  }, []);
  return (
    <main id="main" class="alone wide" tabIndex={-1}>
      <h1>{t("aboutTitle")}</h1>
      {reported && (
        <p class="muted">
          {reported.name} {reported.version}
          {reported.principal && ` · ${reported.principal}`}
        </p>
      )}
      {reported?.plugins.length === 0 && <Note title={t("aboutNone")} text={t("aboutNoneText")} />}
      <ul class="plugins">
        {reported?.plugins.map((plugin) => {
          const name = names[plugin.state];
          return (
            <li key={`${plugin.file} ${plugin.id}`}>
              <Pill tone={tones[plugin.state] ?? "neutral"}>{name ? t(name) : plugin.state}</Pill>
              <div>
                <b>
                  <Text text={plugin.name} limit={100} />
                </b>{" "}
                <span class="muted">
                  <Text text={plugin.version} limit={50} />
                </span>
                <div class="mono muted">
                  <Text text={plugin.file} limit={400} />
                </div>
                {plugin.reason && (
                  <p>
                    <Text text={plugin.reason} />
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </main>
  );
}
