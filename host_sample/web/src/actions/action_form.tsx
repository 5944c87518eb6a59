// The questions of an action, from its JSON Schema subset: checkbox, choice, number, time, line of text.
import type { Action, Param } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import type { Fields, Json } from "../host/protocol";
import { asText } from "../host/value_text";
import { instantOf, localTime } from "../i18n/local_time";
import { t } from "../i18n/translate";

export function startValues(action: Action): Fields {
  const values: { [name: string]: Json } = {};
  for (const [name, param] of Object.entries(action.params?.properties ?? {})) {
    const fallback =
      param.type === "boolean" ? false : param.enum ? (param.enum[0] ?? null) : param.type === "string" ? "" : null;
    values[name] = param.default ?? fallback;
  }
  return values;
}

interface FormProps {
  plugin: Plugin;
  action: Action;
  values: Fields;
  change: (values: Fields) => void;
}

export function Form({ plugin, action, values, change }: FormProps) {
  const order = (param: Param): number => param.order ?? 1000;
  const questions = Object.entries(action.params?.properties ?? {}).sort(([, a], [, b]) => order(a) - order(b));
  const needed = new Set(action.params?.required ?? []);
  return (
    <>
      {questions.map(([name, param]) => (
        <Question
          key={name}
          name={name}
          plugin={plugin}
          param={param}
          needed={needed.has(name)}
          value={values[name] ?? null}
          set={(value) => change({ ...values, [name]: value })}
        />
      ))}
    </>
  );
}

interface QuestionProps {
  name: string;
  plugin: Plugin;
  param: Param;
  needed: boolean;
  value: Json;
  set: (value: Json) => void;
}

function Question({ name, plugin, param, needed, value, set }: QuestionProps) {
  const title = param.title ? plugin.text(param.title) : name;
  const help = param.description ? plugin.text(param.description) : "";
  const helpId = help ? `help-${name}` : undefined;
  if (param.type === "boolean") {
    return (
      <label class="param check">
        <input
          type="checkbox"
          checked={value === true}
          aria-describedby={helpId}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        <span>
          {title}
          {help && (
            <small id={helpId} class="muted block">
              {help}
            </small>
          )}
        </span>
      </label>
    );
  }
  const control = param.enum ? (
    <select
      value={String(value)}
      aria-describedby={helpId}
      onChange={(event) => set(param.enum?.find((option) => String(option) === event.currentTarget.value) ?? null)}
    >
      {param.enum.map((option) => (
        <option key={String(option)} value={String(option)}>
          {param.labels?.[String(option)] ? plugin.text(param.labels[String(option)]) : asText(option)}
        </option>
      ))}
    </select>
  ) : param.format === "datetime" ? (
    <input
      type="datetime-local"
      defaultValue={localTime(value)}
      required={needed}
      aria-describedby={helpId}
      onInput={(event) => set(instantOf(event.currentTarget.value))}
    />
  ) : param.type === "string" ? (
    <input
      value={String(value ?? "")}
      required={needed}
      minLength={param.minLength}
      maxLength={param.maxLength}
      aria-describedby={helpId}
      onInput={(event) => set(event.currentTarget.value)}
    />
  ) : (
    <input
      type="number"
      value={value === null ? "" : String(value)}
      required={needed}
      min={param.minimum}
      max={param.maximum}
      step={param.type === "integer" ? 1 : "any"}
      aria-describedby={helpId}
      onInput={(event) =>
        set(Number.isNaN(event.currentTarget.valueAsNumber) ? null : event.currentTarget.valueAsNumber)
      }
    />
  );
  return (
    <label class="param">
      <span>
        {title} {needed && <small class="muted">{t("required")}</small>}
      </span>
      {control}
      {help && (
        <small id={helpId} class="muted">
          {help}
        </small>
      )}
    </label>
  );
}
