import { useId } from "react";
import { bilingual, type Client, type Session } from "./session";

interface TopBarProps {
  readonly session: Session;
  readonly client: Client;
  readonly purpose: string;
  readonly chooseClient: (name: string) => void;
  readonly choosePurpose: (name: string) => void;
}

/** Who asks, and for what purpose. */
export function TopBar({ session, client, purpose, chooseClient, choosePurpose }: TopBarProps) {
  return (
    <header className="top-bar">
      <h1>
        信用图谱 <span>{session.city}</span> <span lang="en">Credit graph</span>
      </h1>
      <Picker
        label="客户端 · Client"
        value={client.name}
        options={session.clients.map((one) => [one.name, bilingual(one.title_zh, one.title_en)])}
        choose={chooseClient}
      />
      <Picker
        label="目的 · Purpose"
        value={purpose}
        options={[
          ["", "不指定 · none"],
          ...client.purposes.map((one) => [one.name, bilingual(one.zh, one.en)] as const),
        ]}
        choose={choosePurpose}
      />
      {session.synthetic && (
        <p className="synthetic" title="此处人员与企业均非真实。 · No person or enterprise here exists.">
          合成数据 <span lang="en">· Synthetic data</span>
        </p>
      )}
    </header>
  );
}

interface PickerProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly choose: (value: string) => void;
}

function Picker({ label, value, options, choose }: PickerProps) {
  const id = useId();
  // A long title is cut off in the closed picker; the pointer shows it whole.
  const chosen = options.find(([name]) => name === value)?.[1];
  return (
    <div className="picker">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} title={chosen} onChange={(event) => choose(event.target.value)}>
        {options.map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
