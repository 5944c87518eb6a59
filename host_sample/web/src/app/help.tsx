// What `?` and `g` open: the list of keys, and the way to any page.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { known, menu, type Entry } from "../host/plugin_registry";
import { t } from "../i18n/translate";
import { go, place } from "../ui/address";
import { goToOpen, helpOpen } from "./page_keys";

function Modal({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>("input,button")?.focus();
    return () => {
      if (element?.open) element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={close}
      onCancel={close}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="btn small quiet" onClick={close}>
          {t("close")}
        </button>
      </div>
      {children}
    </dialog>
  );
}

export function Help() {
  if (!helpOpen.value) return null;
  const plugin = known.value.get(place.value.plugin);
  const keys: [string, string][] = [
    ["↑ ↓", t("keyArrows")],
    ["Enter", t("keyEnter")],
    ["Space", t("keySpace")],
    ["/", t("keyFilter")],
    ["g", t("keyGoto")],
    ["Esc", t("keyClose")],
    ["?", t("keyHelp")],
  ];
  const hot = Object.values(plugin?.description.actions ?? {}).flatMap((action): [string, string][] =>
    action.hotkey && plugin ? [[action.hotkey, plugin.text(action.label, { count: 1 })]] : [],
  );
  return (
    <Modal title={t("hotkeys")} close={() => (helpOpen.value = false)}>
      <Keys keys={keys} />
      {hot.length > 0 && (
        <>
          <h3>{t("keyActions")}</h3>
          <Keys keys={hot} />
        </>
      )}
    </Modal>
  );
}

function Keys({ keys }: { keys: [string, string][] }) {
  return (
    <dl class="keys">
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

function matches(item: Entry, text: string): boolean {
  const all = [item.label, item.group, item.plugin.description.plugin.name, ...(item.entry.keywords ?? [])]
    .join("\n")
    .toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function GoTo() {
  const [text, setText] = useState("");
  if (!goToOpen.value) return null;
  const found = menu.value.filter((item) => matches(item, text.trim()));
  const close = (): void => {
    goToOpen.value = false;
    setText("");
  };
  const to = (item: Entry | undefined): void => {
    if (!item) return;
    close();
    go({ plugin: item.plugin.id, view: item.entry.view, things: [], params: new Map() });
  };
  return (
    <Modal title={t("goto")} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          to(found[0]);
        }}
      >
        <input
          type="search"
          class="wide"
          aria-label={t("goto")}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </form>
      <div class="menu">
        {found.map((item) => (
          <button type="button" class="btn quiet" key={`${item.plugin.id}/${item.entry.id}`} onClick={() => to(item)}>
            {item.label} <span class="muted">{item.group}</span>
          </button>
        ))}
      </div>
    </Modal>
  );
}
