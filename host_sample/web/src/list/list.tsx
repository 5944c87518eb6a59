// A list: its name and number, filters, what may be done to what is selected, the rows, the pages.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ActionButton, offers } from "../actions/action_buttons";
import { outcomes, thingKey, type Target } from "../actions/target";
import { hostNow } from "../host/clock";
import { useLive, type Answer } from "../host/live";
import { severalEngines, shown, withEngineColumn } from "../host/plugin_registry";
import { record, type Read } from "../host/protocol";
import { readRequest } from "../host/read_request";
import { rowsOf, type Row } from "../host/rows";
import { t } from "../i18n/translate";
import { go, place, withParams } from "../ui/address";
import { ageOf, isOld } from "../ui/answer_age";
import { Button } from "../ui/buttons";
import { fieldMap, nameOf } from "../ui/cells/names";
import { Icon } from "../ui/icons";
import { Above, Instead } from "../ui/placeholders";
import { Popover } from "../ui/popover";
import { Bulk, ExportMenu, Nothing } from "./deferred_parts";
import { Filters } from "./filters";
import type { ListProps } from "./list_props";
import { listState, narrowing, totalOf } from "./list_state";
import { askToNotify, canAsk } from "./notifications";
import { Pager } from "./pager";
import { Table } from "./table";
import { useNotify } from "./use_notify";

export function List(props: ListProps) {
  const { plugin, list, at, around, engine, prefix, depth } = props;
  const state = listState(list, prefix, place.value);
  const asking = readRequest(plugin, at, list.source, around, engine, narrowing(state));
  const live = useLive(asking);
  // While a page, order or filter is on its way the rows before stay, greyed; they are named by engine and id all the same.
  const before = useRef<{ answer: Answer; read: Read } | null>(null);
  const turning = live.body === undefined && live.problem === null && before.current !== null;
  if (live.body !== undefined && asking) before.current = { answer: live, read: asking };
  const answer = turning && before.current ? before.current.answer : live;
  const body = record(answer.body);
  const rows = useMemo(() => rowsOf(answer.body, list.idField), [answer.body]);
  const caps = record(body.caps);
  const fields = useMemo(() => fieldMap(list.columns), [list]);
  const columns = engine || !severalEngines() ? list.columns : withEngineColumn(list.columns);
  const [selected, setSelected] = useState<ReadonlyMap<string, Row>>(new Map());
  const [everything, setEverything] = useState(false);
  const outcomesAtChoice = useRef(outcomes.peek());
  const narrowed = JSON.stringify([state.filters, asking?.parent, engine]);
  useEffect(() => {
    setSelected(new Map());
    setEverything(false);
  }, [narrowed]);
  const own = state.first === 0 && !state.sorted;
  useNotify(props, rows, `${at} ${narrowed} ${state.first}`, own, rows.length >= state.size, live);

  const { total } = totalOf(answer.body);
  const beyond = live.status === "ok" && rows.length === 0 && state.first > 0;
  useEffect(() => {
    // Rows went, and with them this page: the last one there is stands in for it.
    if (!beyond) return;
    const last = Math.ceil((total ?? 0) / state.size);
    go(withParams(place.peek(), { [`${prefix}.page`]: last > 1 ? String(last) : null }), "replace");
  }, [beyond]);

  const target = (of: readonly Row[]): Target => ({
    plugin,
    read: asking ?? { plugin: plugin.id, at, locale: "", zone: "" },
    idField: list.idField,
    rows: of.map(({ id, engine: on, fields: seen }) => ({ id, engine: on, fields: seen })),
    label:
      of.length === 1 && of[0] ? nameOf(plugin, list.columns, of[0].fields, of[0].id) : t("targets", { n: of.length }),
    count: of.length,
    engine,
    parent: around.parent,
    fields,
  });
  const selecting = list.selection === "rows" || list.selection === "query";
  const empty = answer.body !== undefined && rows.length === 0;
  const Heading = props.heading;
  const toolbar = offers(plugin, "toolbar", list.actions, record(body._actions));
  const none = target([]);
  const fresh = new Map(rows.map((row) => [row.key, row]));
  // What was done to a row since it was chosen may have ended it: out of sight, it is no longer meant.
  const outcomeOf = (row: Row, all: typeof outcomes.value): string | undefined =>
    all.get(thingKey(plugin.id, row.engine, row.id));
  const kept = new Map(
    [...selected].filter(
      ([key, row]) => fresh.has(key) || outcomeOf(row, outcomes.value) === outcomeOf(row, outcomesAtChoice.current),
    ),
  );
  const chosen = [...kept.values()].map((row) => fresh.get(row.key) ?? row);
  return (
    <section class="list-section" aria-label={props.title} aria-busy={turning || undefined}>
      <div class="list-head">
        {Heading && (
          <Heading>
            {props.title} <ListTotal body={answer.body} />
          </Heading>
        )}
        <Freshness answer={answer} />
        <span class="grow" />
        {toolbar.map((offer) => (
          <ActionButton key={offer.id} offer={offer} target={{ ...none, label: props.title }} small />
        ))}
        {list.notify && canAsk.value && (
          <Button label={t("notify")} icon="bell" kind="quiet" small press={() => void askToNotify()} />
        )}
        {list.export && list.export.length > 0 && asking && !empty && <Export read={asking} formats={list.export} />}
      </div>
      {list.filters && list.filters.length > 0 && (
        <Filters {...props} state={state} filters={list.filters.filter((filter) => shown(filter, caps))} />
      )}
      <div>
        <Instead answer={answer} read={asking} />
        {empty && <Nothing {...props} state={state} body={body} target={none} />}
        {!empty && answer.body !== undefined && (
          <Table
            plugin={plugin}
            name={props.title}
            columns={columns}
            rows={rows}
            question={JSON.stringify(turning ? before.current?.read : asking)}
            caps={caps}
            order={list.actions}
            inline={depth > 0 ? 2 : 0}
            details={props.details}
            depth={depth}
            sort={state.sort}
            onSort={(sort) =>
              go(
                withParams(place.peek(), {
                  [`${prefix}.sort`]: `${sort.order === "desc" ? "-" : ""}${sort.key}`,
                  [`${prefix}.page`]: null,
                }),
                "push",
              )
            }
            selected={selecting ? kept : undefined}
            onSelect={(next) => {
              outcomesAtChoice.current = outcomes.peek();
              setSelected(next);
              setEverything(false);
            }}
            target={target}
            old={isOld(answer) || turning}
            outer={around.parent}
          />
        )}
        <div class="notices">
          {selecting && chosen.length > 0 && (
            <Bulk
              {...props}
              chosen={chosen}
              everything={everything}
              setEverything={setEverything}
              clear={() => setSelected(new Map())}
              body={body}
              total={total}
              state={state}
              pageFull={rows.every((row) => kept.has(row.key))}
              target={target}
            />
          )}
          <Above answer={answer} read={asking} plugin={plugin} />
        </div>
      </div>
      {answer.body !== undefined && (
        <Pager list={list} prefix={prefix} state={state} body={answer.body} shown={rows.length} />
      )}
    </section>
  );
}

function ListTotal({ body }: { body: unknown }) {
  const { total, kind } = totalOf(body);
  if (total === undefined) return null;
  const text = t(kind === "estimate" ? "totalEstimate" : kind === "atLeast" ? "totalAtLeast" : "total", { n: total });
  return <span class="count">{text}</span>;
}

/** Only once it is old enough to matter; the head of the page says how live the newest is. */
function Freshness({ answer }: { answer: Answer }) {
  const text = ageOf(answer);
  if (answer.body === undefined || answer.asOf === undefined || hostNow() - answer.asOf < 10_000) return null;
  return <span class="age">{t("age", { age: text })}</span>;
}

interface ExportProps {
  read: Read;
  formats: readonly ("csv" | "json")[];
}

function Export({ read, formats }: ExportProps) {
  return (
    <Popover
      class="btn small quiet"
      label={<Icon name="download" />}
      name={t("exportAs", { format: formats.join(", ").toUpperCase() })}
    >
      {(close) => <ExportMenu read={read} formats={formats} close={close} />}
    </Popover>
  );
}
