// Rows as a grid that one walks with the arrow keys. Rows go by engine and id: the one clicked is the one acted on, and
// while the pointer or a dialog is at work none of them moves.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ActionBar, begin, offers } from "../actions/action_buttons";
import { outcomes, thingKey, waiting, type Target } from "../actions/target";
import type { Field } from "../host/description";
import { shown, type Plugin } from "../host/plugin_registry";
import type { Fields } from "../host/protocol";
import type { Row } from "../host/rows";
import { t } from "../i18n/translate";
import { follow, go, place, placeHash, withThing, type Place, type Thing } from "../ui/address";
import type { CellPlace } from "../ui/cells/cell_place";
import { TwoLines } from "../ui/cells/cells";
import { nameOf, ownCells } from "../ui/cells/names";
import { reader } from "./deferred_parts";
import { useSteadyRows } from "./keep_places";
import { RowMessage } from "./row_message";
import type { Opening } from "./row_reader";
import { cellClass, Head, type Sort } from "./table_head";

export interface TableProps {
  plugin: Plugin;
  name: string;
  columns: readonly Field[];
  rows: Row[];
  /** Changes when other rows are asked for: then nothing is kept in place. */
  question: string;
  caps: Fields;
  order: readonly string[] | undefined;
  /** Actions as buttons; more than that go behind one. */
  inline: number;
  details: string | undefined;
  depth: number;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
  selected: ReadonlyMap<string, Row> | undefined;
  onSelect: (next: ReadonlyMap<string, Row>) => void;
  target: (rows: readonly Row[]) => Target;
  old: boolean;
  /** The fields of the thing that the rows stand in. */
  outer: Fields | undefined;
}

/** A value of these types may be the link that opens its row: it holds nothing else that can be pressed. */
const opens = new Set(["text", "id", "integer", "number", "datetime", "user"]);

export function Table(props: TableProps) {
  const { plugin, columns, caps, details, depth, selected, onSelect, target } = props;
  const cells = ownCells(columns.filter((column) => shown(column, caps)));
  const linked = details
    ? cells.find((column) => !column.link && !column.sensitive && opens.has(column.type ?? "text"))
    : undefined;
  const [current, setCurrent] = useState<string | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useSteadyRows(props.rows, props.question, body);
  const focused = useRef<{ key: string; index: number } | null>(null);
  const drawing = useRef(false);
  drawing.current = true;
  const active = rows.some((row) => row.key === current) ? current : rows[0]?.key;
  const opened = place.value.things[depth];

  useLayoutEffect(() => {
    drawing.current = false;
    const was = focused.current;
    // A row that moved or went has lost the focus to nobody: it goes on with the row, or with what took its place.
    if (!was || document.activeElement !== document.body) return;
    const list = [...(body.current?.rows ?? [])];
    const next = list.find((row) => row.dataset.key === was.key) ?? list[Math.min(was.index, list.length - 1)];
    next?.focus({ preventScroll: true });
  });

  const withActions = props.rows.some((row) => offers(plugin, "row", props.order, row.actions).length > 0);
  const anyWaits = rows.some((row) => waiting.value.has(thingKey(plugin.id, row.engine, row.id)));
  const showActions = withActions || anyWaits;
  const acts = props.inline > 0 ? "acts beside" : "acts";
  const thingOf = (row: Row): Thing => ({ view: details ?? "", engine: row.engine, id: row.id });
  const open = (row: Row): void => {
    if (!details) return;
    go(withThing(place.peek(), depth, thingOf(row)));
  };
  const opening = (row: Row): Opening => ({ plugin, thing: thingOf(row), outer: props.outer, depth });
  const toggle = (row: Row): void => {
    if (!selected) return;
    const next = new Map(selected);
    if (!next.delete(row.key)) next.set(row.key, row);
    onSelect(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const list = [...(body.current?.rows ?? [])];
    const at = list.findIndex((row) => row.contains(event.target as Node));
    const onRow = event.target === list[at];
    const row = rows[at];
    const steps: { readonly [key: string]: number } = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: list.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    };
    const to = steps[event.key];
    if (at < 0 || !row || event.altKey || event.ctrlKey || event.metaKey) return;
    const byKey = event.key.length === 1 && !row.gone ? offers(plugin, "row", props.order, row.actions) : [];
    const hot = byKey.find((offer) => offer.action.hotkey === event.key && offer.reason === undefined);
    if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
    if (to !== undefined) list[Math.max(0, Math.min(list.length - 1, to))]?.focus();
    else if (event.key === "Enter" && onRow) open(row);
    else if (event.key === " " && onRow && selected) toggle(row);
    else if (hot && !waiting.peek().has(thingKey(plugin.id, row.engine, row.id))) begin(hot.id, target([row]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="table-box">
      <table
        role="grid"
        aria-label={props.name}
        aria-multiselectable={selected ? true : undefined}
        class={props.old ? "old" : undefined}
      >
        <thead>
          <tr>
            {selected && (
              <th class="tick">
                <input
                  type="checkbox"
                  aria-label={t("selectAll")}
                  checked={rows.length > 0 && rows.every((row) => row.gone || selected.has(row.key))}
                  onChange={(event) => {
                    const next = new Map(selected);
                    for (const row of rows) {
                      if (event.currentTarget.checked && !row.gone) next.set(row.key, row);
                      else next.delete(row.key);
                    }
                    onSelect(next);
                  }}
                />
              </th>
            )}
            {cells.map((column) => (
              <Head
                key={column.key}
                column={column}
                label={plugin.label(column)}
                plugin={plugin}
                sort={props.sort}
                onSort={props.onSort}
              />
            ))}
            {showActions && (
              <th class={acts}>
                <span class="hidden">{t("action")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody
          ref={body}
          onKeyDown={onKeyDown}
          onFocusIn={(event) => {
            const row = (event.target as Element).closest("tr");
            const key = row?.dataset.key;
            if (!row || key === undefined) return;
            const entered = rows[row.sectionRowIndex];
            if (details && entered?.key === key && focused.current?.key !== key && event.target === row)
              reader.peek()?.onFocus(opening(entered));
            focused.current = { key, index: row.sectionRowIndex };
            if (key !== current) setCurrent(key);
          }}
          onFocusOut={() => {
            reader.peek()?.onLeave();
            if (!drawing.current) focused.current = null;
          }}
        >
          {rows.map((row) => {
            const key = thingKey(plugin.id, row.engine, row.id);
            const isOpen = opened?.view === details && opened?.id === row.id && opened.engine === row.engine;
            const tabIndex = row.key === active ? 0 : -1;
            const at: CellPlace = {
              plugin,
              row: row.fields,
              id: row.id,
              engine: row.engine,
              depth,
              dense: true,
              tabIndex,
            };
            const name = nameOf(plugin, columns, row.fields, row.id);
            const ticked = selected?.has(row.key);
            return (
              <tr
                key={row.key}
                data-key={row.key}
                data-id={row.id}
                data-current={isOpen || undefined}
                class={`${row.gone ? "gone" : ""}${details ? " opens" : ""}`}
                tabIndex={tabIndex}
                aria-selected={selected ? ticked === true : isOpen}
                aria-current={isOpen ? "true" : undefined}
                onPointerDown={(event) => {
                  if (details && !row.gone) reader.peek()?.onPointerDown(event, opening(row));
                }}
                onClick={() => {
                  if (!row.gone && !getSelection()?.toString()) open(row);
                }}
              >
                {selected && (
                  <td class="tick" onClick={(event) => event.stopPropagation()}>
                    <input
                      type="checkbox"
                      aria-label={t("selectRow", { name })}
                      checked={ticked}
                      disabled={row.gone}
                      tabIndex={tabIndex}
                      onChange={() => toggle(row)}
                    />
                  </td>
                )}
                {cells.map((column) => (
                  <td key={column.key} class={cellClass(column)}>
                    <TwoLines
                      field={column}
                      all={columns}
                      at={at}
                      wrap={
                        column === linked
                          ? (value) => <RowLink to={withThing(place.value, depth, thingOf(row))}>{value}</RowLink>
                          : undefined
                      }
                    />
                  </td>
                ))}
                {showActions && (
                  <td class={acts}>
                    <RowMessage
                      row={row}
                      words={row.gone ? (outcomes.value.get(key) ?? t("gone")) : waiting.value.get(key)}
                    >
                      <ActionBar
                        all={offers(plugin, "row", props.order, row.actions)}
                        target={target([row])}
                        inline={props.inline}
                        tabIndex={tabIndex}
                      />
                    </RowMessage>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function RowLink({ to, children }: { to: Place; children: ComponentChildren }) {
  return (
    <a
      class="row-link"
      href={placeHash(to)}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        follow(event, to);
      }}
    >
      {children}
    </a>
  );
}
