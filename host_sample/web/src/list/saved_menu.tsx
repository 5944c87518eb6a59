// The filters saved for a list: each a link that can be followed, copied and sent to others, and a way to forget it.
import { useRef, useState } from "preact/hooks";
import { t } from "../i18n/translate";
import { follow, place, placeHash } from "../ui/address";
import { copyText } from "../ui/buttons";
import { IconButton } from "../ui/icon_button";
import { Text } from "../ui/text";
import type { FiltersProps } from "./filter_setting";
import {
  chosenNow,
  longestName,
  mostSaved,
  readSaved,
  sameParams,
  withSaved,
  writeSaved,
  type Saved,
} from "./saved_filters";

export type SavedMenuProps = Pick<FiltersProps, "plugin" | "at" | "prefix"> & { close: () => void };

export function SavedMenu({ plugin, at, prefix, close }: SavedMenuProps) {
  const list = `${plugin.id}/${at}`;
  const [saved, setSaved] = useState(() => readSaved(list));
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const now = chosenNow(prefix, place.value);
  const keep = (next: readonly Saved[]): boolean => {
    const kept = writeSaved(list, next);
    setProblem(kept ? "" : t("savedNowhere"));
    if (kept) setSaved([...next]);
    return kept;
  };
  const save = (event: Event): void => {
    event.preventDefault();
    const called = name.trim();
    if (!now || !called) return;
    // Another tab may have saved one meanwhile.
    const others = readSaved(list).filter((one) => one.name !== called);
    if (others.length >= mostSaved) setProblem(t("savedFull", { n: mostSaved }));
    else if (keep([...others, { name: called, params: now }])) setName("");
  };
  const forget = (which: string): void => {
    keep(readSaved(list).filter((one) => one.name !== which));
    field.current?.focus();
  };
  return (
    <div class="saved">
      {saved.length > 0 && (
        <ul aria-label={t("saved")}>
          {saved.map((one) => {
            const to = withSaved(prefix, place.value, one.params);
            return (
              <li key={one.name}>
                <a
                  href={placeHash(to)}
                  aria-current={sameParams(one.params, now) ? "true" : undefined}
                  onClick={(event) => {
                    follow(event, to);
                    if (event.defaultPrevented) close();
                  }}
                >
                  <Text bare text={one.name} limit={longestName} />
                </a>
                <IconButton
                  icon="copy"
                  name={t("copyLink", { name: one.name })}
                  press={() => copyText(linkTo(prefix, one.params))}
                />
                <IconButton icon="trash" name={t("forget", { name: one.name })} press={() => forget(one.name)} />
              </li>
            );
          })}
        </ul>
      )}
      {now ? (
        <form onSubmit={save}>
          <label>
            {t("saveAs")}
            <input
              type="text"
              ref={field}
              value={name}
              maxLength={longestName}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="btn small primary" aria-disabled={name.trim() === "" || undefined}>
            {t("save")}
          </button>
        </form>
      ) : (
        <p class="muted">{t(saved.length > 0 ? "savedHow" : "savedNone")}</p>
      )}
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}

/** For others: the list with these filters, without what else is open here. The token is never part of an address. */
function linkTo(prefix: string, params: Saved["params"]): string {
  const here = place.peek();
  // A list inside of a thing goes with that thing.
  const inThing = /^\d+\./.test(prefix);
  const bare = { ...here, params: new Map<string, string>(), things: inThing ? here.things : [] };
  return `${location.origin}${location.pathname}${placeHash(withSaved(prefix, bare, params))}`;
}
