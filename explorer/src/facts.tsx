import type { ReactNode } from "react";
import { bilingual, type Purpose } from "./session";

export function Fact({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <div data-fact={name}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface PurposesProps {
  /** Those that would allow what was denied. */
  readonly allowing: readonly string[];
  /** Those of the client. */
  readonly granted: readonly Purpose[];
  readonly choose: (purpose: string) => void;
}

/** Purposes that would allow what was denied; one of the client's own is a press away. */
export function Purposes({ allowing, granted, choose }: PurposesProps) {
  const own = granted.filter((one) => allowing.includes(one.name));
  const others = allowing.filter((name) => !own.some((one) => one.name === name));
  return (
    <Fact name="purposes" label="可用目的 · Allowed under">
      {allowing.length === 0 && "无 · No purpose"}
      {own.map((one) => (
        <button key={one.name} type="button" data-purpose={one.name} title="选用此目的 · Choose this purpose" onClick={() => choose(one.name)}>
          {bilingual(one.zh, one.en)}
        </button>
      ))}
      {others.length > 0 && (
        <details>
          <summary>此客户端未获授权 · Not granted to this client: {others.length}</summary>
          {others.map((name) => (
            <code key={name} data-purpose={name}>{name}</code>
          ))}
        </details>
      )}
    </Fact>
  );
}
