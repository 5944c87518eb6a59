// A list: its name and number, filters, what may be done to what is selected, the rows, the pages.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { acting } from "./acting";
import { ActionButton, offers } from "./actions";
import { go, place, withParams } from "./address";
import { question, type Around } from "./ask";
import { hostNow } from "./clock";
import { fieldMap, nameOf } from "./cells";
import { holds } from "./conditions";
import type { List as ListDescription, Section } from "./description";
import { Filters } from "./filters";
import { t } from "./i18n";
import { listState, narrowing, totalOf } from "./liststate";
import { later } from "./later";
import type { BulkProps, ExportMenuProps, NothingProps } from "./listmore";
import { useLive, type Answer } from "./live";
import { Pager } from "./pager";
import { severalEngines, shown, withEngineColumn, type Plugin } from "./plugins";
import { record, type Read } from "./protocol";
import { rowsOf, type Row } from "./rows";
import { Above, ageOf, Instead, isOld } from "./states";
import { askToNotify, canAsk } from "./notify";
import { Table } from "./table";
import type { Look } from "./telling";
import { outcomes, thingKey, type Target } from "./target";
import { Button, Popover } from "./ui";
import { Icon } from "./icons";

const Bulk = later<BulkProps>(() => import("./parts").then((part) => part.Bulk));
const Nothing = later<NothingProps>(() => import("./parts").then((part) => part.Nothing));
const ExportMenu = later<ExportMenuProps>(() => import("./parts").then((part) => part.ExportMenu));

export interface ListProps {
  plugin: Plugin;
  list: ListDescription | (Section & { columns: ListDescription["columns"] });
  at: string;
  around: Around;
  engine: string;
  /** Its name in the address. */
  prefix: string;
  title: string;
  details: string | undefined;
  depth: number;
  /** None: its title stands above it already. */
  heading: "h2" | "h3" | null;
}

export function List(props: ListProps) {
  const { plugin, list, at, around, engine, prefix, depth } = props;
  const state = listState(list, prefix, place.value);
  const asking = question(plugin, at, list.source, around, engine, narrowing(state));
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
  const saidAtChoice = useRef(outcomes.peek());
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
  const said = (row: Row, all: typeof outcomes.value): string | undefined =>
    all.get(thingKey(plugin.id, row.engine, row.id));
  const kept = new Map(
    [...selected].filter(
      ([key, row]) => fresh.has(key) || said(row, outcomes.value) === said(row, saidAtChoice.current),
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
        <Filters
          plugin={plugin}
          at={at}
          around={around}
          engine={engine}
          prefix={prefix}
          state={state}
          filters={list.filters.filter((filter) => shown(filter, caps))}
        />
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
              saidAtChoice.current = outcomes.peek();
              setSelected(next);
              setEverything(false);
            }}
            target={target}
            old={isOld(answer) || turning}
          />
        )}
        <div class="notices">
          {selecting && chosen.length > 0 && (
            <Bulk
              plugin={plugin}
              list={list}
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

/** Looks whether there is something to tell of: once rows came, or fulfil other conditions than at the look before. */
function useNotify(props: ListProps, rows: readonly Row[], where: string, own: boolean, full: boolean, answer: Answer) {
  const seen = useRef<Look | null>(null);
  useEffect(() => {
    const { notify } = props.list;
    if (!notify || answer.status !== "ok") return;
    const rules = [notify].flat();
    const marks = rows.map(
      ({ key, fields: row }) => key + rules.map(({ when }) => !when || holds(when, { row })).join(),
    );
    const before = seen.current;
    const same = before?.where === where ? before : null;
    const since = same?.since ?? performance.now();
    const look = {
      where,
      own,
      full,
      rows,
      body: answer.body,
      marks: marks.join(),
      since,
      calm: same?.calm ?? new Map(),
    };
    seen.current = look;
    if (!same || same.marks === look.marks) return;
    void acting().then(({ tellOf }) => tellOf(props, rules, same, look));
  }, [rows]);
}
