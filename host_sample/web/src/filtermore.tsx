// Filters that the first list rarely has: a field to type into, and the choice of those that are not pinned.
import "./start";
import "./more";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Filter } from "./description";
import { FilterEditor } from "./filteredit";
import type { FiltersProps } from "./filters";
import { Icon } from "./icons";

export interface SearchProps {
  label: string;
  value: string;
  set: (text: string) => void;
}

export type MenuProps = FiltersProps & { rest: readonly Filter[]; close: () => void };

/** Typed text is taken once the person pauses. */
export function FilterSearch({ label, value, set: take }: SearchProps) {
  const [text, setText] = useState(value);
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typed = useRef(value);
  useEffect(() => {
    if (value !== typed.current) {
      typed.current = value;
      setText(value);
    }
  }, [value]);
  const commit = (next: string): void => {
    clearTimeout(pending.current);
    typed.current = next.trim();
    take(next.trim());
  };
  return (
    <span class="search">
      <Icon name="search" />
      <input
        type="search"
        data-filter
        value={text}
        aria-label={label}
        placeholder={label}
        maxLength={1000}
        onInput={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(pending.current);
          pending.current = setTimeout(() => commit(next), 300);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(text);
        }}
      />
    </span>
  );
}

/** Begins anew each time it is opened: who closed it over the wrong filter can choose another one. */
export function FilterMenu(props: MenuProps) {
  const { rest, close } = props;
  const [chosen, choose] = useState<Filter | null>(null);
  if (chosen && rest.includes(chosen)) return <FilterEditor {...props} filter={chosen} close={close} />;
  return (
    <div class="menu">
      {rest.map((filter) => (
        <button type="button" class="btn quiet" key={filter.key} onClick={() => choose(filter)}>
          {props.plugin.label(filter)}
        </button>
      ))}
    </div>
  );
}
