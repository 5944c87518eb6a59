// The form that sets one filter, by its type.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { read } from "../host/api";
import type { Filter, Option } from "../host/description";
import { items, record, type Json } from "../host/protocol";
import { readRequest } from "../host/read_request";
import { asText } from "../host/value_text";
import { instantOf, localTime } from "../i18n/local_time";
import { t } from "../i18n/translate";
import { optionLabel } from "./filter_options";
import { setFilter, type FiltersProps } from "./filter_setting";

function useOptions(props: FiltersProps, filter: Filter): readonly Option[] {
  const [found, setFound] = useState<readonly Option[]>(filter.options ?? []);
  useEffect(() => {
    if (!filter.optionsSource) return;
    const asking = readRequest(
      props.plugin,
      `${props.at}/filters/${filter.key}`,
      filter.optionsSource,
      props.around,
      props.engine,
    );
    if (!asking) return;
    void read(asking).then((reply) => {
      if (!reply.ok) return;
      const options = items(record(reply.body).options).map((option) => ({
        value: option.value ?? null,
        ...(option.label === undefined ? {} : { label: asText(option.label, props.plugin.textIn) }),
      }));
      setFound(options);
    });
  }, [filter]);
  return found;
}

export interface EditorProps extends FiltersProps {
  filter: Filter;
  close: () => void;
}

export function FilterEditor(props: EditorProps) {
  const { filter, plugin, prefix, state, close } = props;
  const value = state.filters[filter.key];
  const options = useOptions(props, filter);
  const form = useRef<HTMLFormElement>(null);
  const label = plugin.label(filter);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("input,select")?.focus(), []);
  const choose = (next: Json | undefined): void => {
    setFilter(filter, prefix, next);
    close();
  };
  const take = (): void => {
    const data = new FormData(form.current ?? undefined);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    const instant = (name: string): string => instantOf(text(name));
    const range = (from: Json | "", to: Json | ""): Json | undefined =>
      from === "" && to === "" ? undefined : { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
    const amount = (name: string): Json | "" => (text(name) === "" ? "" : Number(text(name)));
    if (filter.type === "number") choose(range(amount("from"), amount("to")));
    else if (filter.type === "datetimeRange") choose(range(instant("from"), instant("to")));
    else if (filter.type === "tags") {
      const ticked = data.getAll("tag").map(String);
      const typed = text("tags")
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== "");
      choose(ticked.length + typed.length > 0 ? [...new Set([...ticked, ...typed])] : undefined);
    } else choose(text("value") || undefined);
  };
  const range = record(value);
  const tags = Array.isArray(value) ? value.map(String) : [];
  return (
    <form
      ref={form}
      class="filter-edit"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      {filter.type === "enum" || filter.type === "boolean" ? (
        <label class="param">
          <span>{label}</span>
          <select
            value={value === undefined ? "" : String(value)}
            onChange={(event) => {
              const text = event.currentTarget.value;
              if (filter.type === "boolean") choose(text === "" ? undefined : text === "true");
              else
                choose(
                  text === "" ? undefined : (options.find((option) => String(option.value) === text)?.value ?? text),
                );
            }}
          >
            <option value="">{t("any")}</option>
            {filter.type === "boolean"
              ? [true, false].map((option) => (
                  <option key={String(option)} value={String(option)}>
                    {t(option ? "yes" : "no")}
                  </option>
                ))
              : options.map((option) => (
                  <option key={String(option.value)} value={String(option.value)}>
                    {optionLabel(plugin, option)}
                  </option>
                ))}
          </select>
        </label>
      ) : filter.type === "number" ? (
        <Range label={label} type="number" value={(end) => asText(range[end]).replace(/[^\d.-]/g, "")} />
      ) : filter.type === "datetimeRange" ? (
        <Range label={label} type="datetime-local" value={(end) => localTime(range[end])} />
      ) : filter.type === "tags" && options.length > 0 ? (
        <fieldset>
          <legend>{label}</legend>
          {options.map((option) => (
            <label class="param check" key={String(option.value)}>
              <input
                type="checkbox"
                name="tag"
                value={String(option.value)}
                defaultChecked={tags.includes(String(option.value))}
              />
              <span>{optionLabel(plugin, option)}</span>
            </label>
          ))}
        </fieldset>
      ) : (
        <label class="param">
          <span>{label}</span>
          <input
            name={filter.type === "tags" ? "tags" : "value"}
            maxLength={1000}
            defaultValue={filter.type === "tags" ? tags.join(", ") : asText(value)}
          />
        </label>
      )}
      {filter.type !== "enum" && filter.type !== "boolean" && (
        <div class="buttons">
          <button type="submit" class="btn small primary">
            {t("apply")}
          </button>
        </div>
      )}
    </form>
  );
}

interface RangeProps {
  label: string;
  type: "number" | "datetime-local";
  value: (end: "from" | "to") => string;
}

/** From one to another; either may be left empty. */
function Range({ label, type, value }: RangeProps) {
  return (
    <fieldset class="range">
      <legend>{label}</legend>
      {(["from", "to"] as const).map((end) => (
        <label key={end}>
          {t(end)}{" "}
          <input name={end} type={type} step={type === "number" ? "any" : undefined} defaultValue={value(end)} />
        </label>
      ))}
    </fieldset>
  );
}
