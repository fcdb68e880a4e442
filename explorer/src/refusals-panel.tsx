import { useGraphiQL } from "@graphiql/react";
import { useId, useMemo } from "react";
import { Fact, Purposes } from "./facts";
import { bilingual, type Purpose } from "./session";
import { refusalsOf, type Denial, type Failure, type Fault, type Refusal } from "./refusals";

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
  return (
    <section className="refusals" aria-labelledby={title} tabIndex={0}>
      <header>
        <h2 id={title}>回答缺少的内容 · Missing from the answer</h2>
        <p role="status">{refusals && summary(refusals)}</p>
      </header>
      {refusals === undefined && (
        <p className="hint">被拒绝的字段和错误在此说明。 · Denied fields and errors are explained here.</p>
      )}
      <ul>
        {refusals?.map((one) =>
          one.kind === "denial" ? (
            <DenialItem key={one.key} denial={one} purposes={purposes} choose={choose} />
          ) : (
            <FailureItem key={one.key} failure={one} />
          ),
        )}
      </ul>
    </section>
  );
}

function summary(refusals: readonly Refusal[]): string {
  const denied = refusals.reduce((sum, one) => sum + (one.kind === "denial" ? one.fields.size : 0), 0);
  const count = (kind: Refusal["kind"]) => refusals.filter((one) => one.kind === kind).length;
  const counted = [
    [denied, "个字段被拒绝 · denied"],
    [count("failure"), "项未送达 · not delivered"],
    [count("fault"), "个错误 · errors"],
  ] as const;
  const parts = counted.filter(([found]) => found > 0).map(([found, words]) => `${found} ${words}`);
  return parts.length === 0 ? "无 · None" : parts.join("; ");
}

function Paths({ paths }: { paths: readonly string[] }) {
  const more = paths.length - SHOWN_PATHS;
  return (
    <>
      {paths.slice(0, SHOWN_PATHS).map((path) => (
        <code key={path}>{path}</code>
      ))}
      {more > 0 && <span>另有 {more} 处 · and {more} more</span>}
    </>
  );
}

function DenialItem({ denial, purposes, choose }: { denial: Denial } & PanelProps) {
  const names = new Map(purposes.map((one) => [one.name, bilingual(one.zh, one.en)]));
  return (
    <li data-code={denial.code}>
      {[...denial.fields].map(([field, paths]) => (
        <div key={field} className="place" data-field={field}>
          <h3 data-fact="field">{field}</h3>
          <span data-fact="path"><Paths paths={paths} /></span>
        </div>
      ))}
      <dl>
        <Fact name="reason" label="理由 · Reason">{denial.reason || denial.message}</Fact>
        <Fact name="rule" label="规则 · Rule"><code>{denial.rule}</code></Fact>
        <Fact name="purpose" label="目的 · Purpose">
          {names.get(denial.purpose)} <code>{denial.purpose || "未指定 · none"}</code>
        </Fact>
        <Purposes allowing={denial.purposes} granted={purposes} choose={choose} />
        {denial.remedy && <Fact name="remedy" label="办法 · Remedy">{denial.remedy}</Fact>}
      </dl>
    </li>
  );
}

function FailureItem({ failure }: { failure: Failure | Fault }) {
  return (
    <li data-code={failure.code} className="failure">
      <h3>{failure.code || "错误 · Error"}</h3>
      <dl>
        <Fact name="reason" label="理由 · Reason">{failure.message}</Fact>
        {failure.paths.length > 0 && <Fact name="path" label="路径 · Path"><Paths paths={failure.paths} /></Fact>}
        {failure.kind === "failure" && (
          <>
            <Fact name="bureau" label="部门 · Bureau"><code>{failure.bureau}</code></Fact>
            <Fact name="dataset" label="数据集 · Dataset"><code>{failure.dataset}</code></Fact>
          </>
        )}
        {failure.remedy && <Fact name="remedy" label="办法 · Remedy">{failure.remedy}</Fact>}
      </dl>
    </li>
  );
}
