import { useId } from "react";
import { useExplanation, type Explained, type Line, type State } from "./explain";
import { Fact, Purposes } from "./facts";
import type { Caller } from "./fetcher";
import { useMarkers } from "./markers";
import type { Purpose } from "./session";

const STATES: Readonly<Record<State, string>> = {
  denied: "denied · 拒绝",
  masked: "masked · 遮蔽",
  allowed: "allowed · 允许",
};
const REACHED = { own: "", asked: "", person: " through a person · 经由个人", enterprise: " through an enterprise · 经由企业" };

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
  const lines = explained?.kind === "explained" ? explained.explanation.lines : [];
  const of = (state: State) => lines.filter((line) => line.state === state);
  return (
    <section className="refusals explanation" aria-labelledby={title} tabIndex={0}>
      <header>
        <h2 id={title}>This document · 本文档</h2>
        <p role="status">{explained && summary(explained)}</p>
      </header>
      {!askable && <p className="hint">Choose a purpose to see what it allows. · 选择目的以查看其允许的内容。</p>}
      {explained?.kind === "explained" && explained.mixesPurposes && (
        <p data-fact="mixes">No single purpose covers all of it. · 没有任何单一目的涵盖全部字段。</p>
      )}
      <ul>
        {[...of("denied"), ...of("masked")].map((line) => (
          <LineItem key={key(line)} line={line} purposes={purposes} choose={choose} />
        ))}
      </ul>
      {of("allowed").length > 0 && (
        <details>
          <summary>Allowed fields and their rules · 允许的字段及其规则</summary>
          <ul>
            {of("allowed").map((line) => (
              <LineItem key={key(line)} line={line} purposes={purposes} choose={choose} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function key(line: Line): string {
  return [line.field, line.use, line.reached, line.at].join(" ");
}

function summary(explained: Explained): string {
  if (explained.kind === "refused") {
    return explained.why;
  }
  const states: readonly State[] = ["allowed", "masked", "denied"];
  const count = (state: State) => explained.explanation.lines.filter((line) => line.state === state).length;
  return states.map((state) => `${count(state)} ${STATES[state]}`).join("; ");
}

interface ItemProps {
  readonly line: Line;
  readonly purposes: readonly Purpose[];
  readonly choose: (purpose: string) => void;
}

function LineItem({ line, purposes, choose }: ItemProps) {
  return (
    <li data-state={line.state} data-field={line.field} data-use={line.use}>
      <h3>
        {line.use} {line.field}
        {line.at !== line.field && ` @ ${line.at}`}
        {REACHED[line.reached]} <span className="state">{STATES[line.state]}</span>
      </h3>
      <dl>
        <Fact name="rule" label="Rule · 规则"><code>{line.rule}</code></Fact>
        <Fact name="reason" label="Reason · 理由">
          {line.reason} {line.source && <small>({line.source})</small>}
        </Fact>
        {line.under && <Fact name="under" label="Not read below · 未读取，因其上"><code>{line.under}</code></Fact>}
        {line.input && <Fact name="input" label="Because of · 因推导依据"><code>{line.input}</code></Fact>}
        {line.state === "denied" && !line.uses.includes(line.use) && (
          <Fact name="uses" label="Uses that exist · 可用的用途">
            {line.uses.map((use) => (
              <code key={use}>{use}</code>
            ))}
          </Fact>
        )}
        {line.state === "denied" && <Purposes allowing={line.purposes} granted={purposes} choose={choose} />}
      </dl>
    </li>
  );
}
