// What stands in the page's place when there is no list to show: no session, no plugin, one that does not serve.
import type { ComponentChildren } from "preact";
import { host, menu } from "../host/plugin_registry";
import { t } from "../i18n/translate";
import { aboutPage, go } from "../ui/address";
import { Note } from "../ui/notes";
import { thingTitle, viewTitle } from "../ui/page_title";

export function Refused({ why }: { why: string }) {
  viewTitle.value = t("refused");
  thingTitle.value = "";
  return (
    <main class="alone">
      <h1>{t("refused")}</h1>
      {why && <p>{t("refusedWhy", { why })}</p>}
      <p>{t("openHelp")}</p>
    </main>
  );
}

/** Above all: why what is shown comes by questions of the page instead of by itself. */
export function HeldBack() {
  return <p class="held-back">{t("heldBack")}</p>;
}

function AboutLink() {
  return (
    <button
      type="button"
      class="btn small"
      onClick={() => go({ plugin: aboutPage, view: "", things: [], params: new Map() })}
    >
      {t("about")}
    </button>
  );
}

/** Why the plugin that the address names shows no view. */
export function NoView({ plugin }: { plugin: string }): ComponentChildren {
  const plugins = host.value?.plugins ?? [];
  const state = plugins.find((other) => other.id === plugin);
  if (menu.value.length === 0 && !state) {
    return (
      <Note title={t("noPlugin")} text={t("noPluginText")}>
        {plugins.length > 0 && <AboutLink />}
      </Note>
    );
  }
  if (state && state.state !== "serving") {
    return (
      <Note tone="warning" title={t("notServing", { name: state.name })} text={state.reason}>
        <AboutLink />
      </Note>
    );
  }
  return <Note title={t("noView")} text={t("noViewText")} />;
}
