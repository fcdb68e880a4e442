import { useId } from "react";
import { useExplanation, type Explained, type Line, type State } from "./explain";
import { Fact, Purposes } from "./facts";
import type { Caller } from "./fetcher";
import { useMarkers } from "./markers";
import type { Purpose } from "./session";
import { useVariableMarks } from "./variable-marks";

const STATES: Readonly<Record<State, string>> = {
  denied: "拒绝 · denied",
  masked: "遮蔽 · masked",
  limited: "仅现行有效 · limited",
  allowed: "允许 · allowed",
};
const REACHED = { own: "", asked: "", ward: " 被监护人 · a ward", person: " 经由个人 · through a person", enterprise: " 经由企业 · through an enterprise" };

interface PanelProps {
  readonly caller: Caller;
  readonly purpose: string;
  readonly purposes: readonly Purpose[];
  readonly choose: (purpose: string) => void;
}

/** What would become of each field of the document, before it is asked. */
export function ExplainPanel({ caller, purpose, purposes, choose }: PanelProps) {
  const title = useId();
  const askable = purpose !== "" || purposes.length === 1;
  const explained = useExplanation(caller, purpose, askable);
  useMarkers(explained, purposes, choose);
  useVariableMarks();
  const of = (...states: readonly State[]) =>
    states.flatMap((state) => groupsOf(linesOf(explained).filter((line) => line.state === state)));
  const drawn = (groups: readonly Group[]) => (
    <ul>
      {groups.map((group) => (
        <GroupItem key={group.key} group={group} purposes={purposes} choose={choose} />
      ))}
    </ul>
  );
  return (
    <section className="refusals explanation" aria-labelledby={title} tabIndex={0}>
      <header>
        <h2 id={title}>本文档 · This document</h2>
        <p role="status">{explained && summary(explained)}</p>
      </header>
      {!askable && <p className="hint">选择目的以查看其允许的内容。 · Choose a purpose to see what it allows.</p>}
      {explained?.kind === "explained" && explained.mixesPurposes && (
        <p data-fact="mixes">没有任何单一目的涵盖全部字段。 · No single purpose covers all of it.</p>
      )}
      {drawn(of("denied", "masked"))}
      {of("allowed").length > 0 && (
        <details>
          <summary>允许的字段及其规则 · Allowed fields and their rules</summary>
          {drawn(of("allowed"))}
        </details>
      )}
    </section>
  );
}

function linesOf(explained: Explained | undefined): readonly Line[] {
  return explained?.kind === "explained" ? explained.explanation.lines : [];
}

/** Lines that one rule decides alike; the first stands for all in what they share. */
interface Group {
  readonly key: string;
  readonly first: Line;
  readonly lines: Line[];
}

function groupsOf(lines: readonly Line[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const line of lines) {
    const { field: _field, at: _at, reached: _reached, ...shared } = line;
    const key = JSON.stringify(shared);
    const group = found.get(key) ?? { key, first: line, lines: [] };
    group.lines.push(line);
    found.set(key, group);
  }
  return [...found.values()];
}

function summary(explained: Explained): string {
  if (explained.kind === "refused") {
    return explained.why;
  }
  const states: readonly State[] = ["allowed", "limited", "masked", "denied"];
  const count = (state: State) => explained.explanation.lines.filter((line) => line.state === state).length;
  const shown = states.filter((state) => state !== "limited" || count(state) > 0);
  return shown.map((state) => `${count(state)} ${STATES[state]}`).join("; ");
}

interface ItemProps {
  readonly group: Group;
  readonly purposes: readonly Purpose[];
  readonly choose: (purpose: string) => void;
}

function GroupItem({ group: { first, lines }, purposes, choose }: ItemProps) {
  const denied = first.state === "denied";
  return (
    <li data-state={first.state} data-use={first.use}>
      {lines.map((line) => (
        <div key={[line.field, line.at, line.reached].join(" ")} className="place" data-field={line.field}>
          <h3>{line.use} {line.field}</h3>
          {line.at !== line.field && <code>@ {line.at}</code>}
          {REACHED[line.reached]}
        </div>
      ))}
      <dl>
        <Fact name="reason" label={STATES[first.state]}>
          {first.reason} {first.source && <small>({first.source})</small>}
        </Fact>
        <Fact name="rule" label="规则 · Rule"><code>{first.rule}</code></Fact>
        {first.under && <Fact name="under" label="上级未读取 · Not read above"><code>{first.under}</code></Fact>}
        {first.input && <Fact name="input" label="推导依据 · Derived from"><code>{first.input}</code></Fact>}
        {denied && !first.uses.includes(first.use) && (
          <Fact name="uses" label="可用用途 · Uses that exist">
            {first.uses.map((use) => (
              <code key={use}>{use}</code>
            ))}
          </Fact>
        )}
        {denied && <Purposes allowing={first.purposes} granted={purposes} choose={choose} />}
      </dl>
    </li>
  );
}
