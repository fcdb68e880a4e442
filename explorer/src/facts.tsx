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
  const names = new Map(granted.map((one) => [one.name, bilingual(one.zh, one.en)]));
  return (
    <Fact name="purposes" label="Allowed under · 可用目的">
      {allowing.length === 0 && "No purpose · 无"}
      {allowing.map((name) =>
        names.has(name) ? (
          <button key={name} type="button" data-purpose={name} title="Choose this purpose · 选用此目的" onClick={() => choose(name)}>
            {names.get(name)}
          </button>
        ) : (
          <code key={name} data-purpose={name} title="Not granted to this client · 此客户端未获授权">{name}</code>
        ),
      )}
    </Fact>
  );
}
