import { useGraphiQL } from "@graphiql/react";
import { useId, useMemo } from "react";
import { Fact, Purposes } from "./facts";
import { bilingual, type Purpose } from "./session";
import { refusalsOf, type Denial, type Failure, type Refusal } from "./refusals";

const SHOWN_PATHS = 3;

interface PanelProps {
  readonly purposes: readonly Purpose[];
  readonly choose: (purpose: string) => void;
}

/** What the answer that is shown lacks; undefined while there is none. */
function useRefusals(): readonly Refusal[] | undefined {
  const answer = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.response);
  return useMemo(() => (answer ? refusalsOf(answer) : undefined), [answer]);
}

/** What the answer lacks and why; it stands beneath the answer. */
export function RefusalsPanel({ purposes, choose }: PanelProps) {
  const title = useId();
  const refusals = useRefusals();
  const denials = refusals?.filter((one) => one.kind === "denial") ?? [];
  const failures = refusals?.filter((one) => one.kind === "failure") ?? [];
  return (
    <section className="refusals" aria-labelledby={title} tabIndex={0}>
      <header>
        <h2 id={title}>Denied fields · 未授权字段</h2>
        <p role="status">{refusals === undefined ? "" : summary(denials.length, failures.length)}</p>
      </header>
      {refusals === undefined && (
        <p className="hint">A field that the purpose does not cover is explained here. · 目的未涵盖的字段在此说明。</p>
      )}
      <ul>
        {denials.map((one) => (
          <DenialItem key={one.key} denial={one} purposes={purposes} choose={choose} />
        ))}
        {failures.map((one) => (
          <FailureItem key={one.key} failure={one} />
        ))}
      </ul>
    </section>
  );
}

function summary(denials: number, failures: number): string {
  if (denials + failures === 0) {
    return "None · 无";
  }
  const denied = denials === 0 ? [] : [`${denials} denied · ${denials} 项未授权`];
  const failed = failures === 0 ? [] : [`${failures} not delivered · ${failures} 项未送达`];
  return [...denied, ...failed].join("; ");
}

function Paths({ paths }: { paths: readonly string[] }) {
  const more = paths.length - SHOWN_PATHS;
  return (
    <Fact name="path" label="Path · 路径">
      {paths.slice(0, SHOWN_PATHS).map((path) => (
        <code key={path}>{path}</code>
      ))}
      {more > 0 && <span> and {more} more · 另有 {more} 处</span>}
    </Fact>
  );
}

function DenialItem({ denial, purposes, choose }: { denial: Denial } & PanelProps) {
  const names = new Map(purposes.map((one) => [one.name, bilingual(one.zh, one.en)]));
  return (
    <li data-code={denial.code}>
      <h3 data-fact="field">{denial.field}</h3>
      <dl>
        <Paths paths={denial.paths} />
        <Fact name="purpose" label="Purpose · 目的">
          <code>{denial.purpose || "none · 未指定"}</code>
          {names.has(denial.purpose) && <span> {names.get(denial.purpose)}</span>}
        </Fact>
        <Fact name="rule" label="Rule · 规则"><code>{denial.rule}</code></Fact>
        <Fact name="reason" label="Reason · 理由">{denial.reason || denial.message}</Fact>
        <Purposes allowing={denial.purposes} granted={purposes} choose={choose} />
        {denial.remedy && <Fact name="remedy" label="Remedy · 办法">{denial.remedy}</Fact>}
      </dl>
    </li>
  );
}

function FailureItem({ failure }: { failure: Failure }) {
  return (
    <li data-code={failure.code} className="failure">
      <h3>{failure.code}</h3>
      <dl>
        <Paths paths={failure.paths} />
        <Fact name="bureau" label="Bureau · 部门"><code>{failure.bureau}</code></Fact>
        <Fact name="dataset" label="Dataset · 数据集"><code>{failure.dataset}</code></Fact>
        <Fact name="reason" label="Reason · 理由">{failure.message}</Fact>
        {failure.remedy && <Fact name="remedy" label="Remedy · 办法">{failure.remedy}</Fact>}
      </dl>
    </li>
  );
}
