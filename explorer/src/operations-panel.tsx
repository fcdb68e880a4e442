import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import type { GraphiQLProps } from "graphiql";
import { createContext, useContext, useEffect, useRef } from "react";
import type { Pickers } from "./pickers";
import { bilingual, type Client, type Operation, type Sample, type Session } from "./session";
import { kindsOf, withSample } from "./variables";

type Plugin = NonNullable<GraphiQLProps["plugins"]>[number];

export interface Opened {
  readonly session: Session;
  readonly client: Client;
  readonly choose: (pickers: Pickers) => void;
  readonly turnTo: (tab: string) => void;
}

const Context = createContext<Opened | undefined>(undefined);
/** What the panel is about; GraphiQL draws it without telling it anything. */
export const PanelContext = Context.Provider;

const KINDS: Readonly<Record<Sample["kind"], string>> = { person: "自然人 · Persons", enterprise: "企业 · Enterprises" };

/** The registered operations of the client, and sample subjects by kind; each is a press away from the editor. */
function OperationsPanel() {
  const opened = useContext(Context);
  const open = useOpening(opened);
  const put = useSample();
  if (opened === undefined) {
    return null;
  }
  const { client, session } = opened;
  return (
    <section className="operations" aria-label="操作与样本 · Operations and samples">
      <h2>已登记操作 · Registered operations</h2>
      {client.operations.length === 0 && <p>无 · None</p>}
      <ul>
        {client.operations.map((one) => (
          <li key={one.name}>
            <button type="button" data-operation={one.name} onClick={() => open(one)}>{bilingual(one.zh, one.en)}</button>
            <small>{one.name}, {one.purpose}</small>
          </li>
        ))}
      </ul>
      <h2>样本主体 · Sample subjects</h2>
      {(Object.keys(KINDS) as Sample["kind"][]).map((kind) => (
        <div key={kind} role="group" aria-label={KINDS[kind]}>
          <h3>{KINDS[kind]}</h3>
          {session.samples.filter((one) => one.kind === kind).map((one) => (
            <button key={one.identifier} type="button" onClick={() => put(one)}>{one.identifier}</button>
          ))}
        </div>
      ))}
    </section>
  );
}

/** Opens an operation in a tab of its own, under its purpose and with a sample subject. */
function useOpening(opened: Opened | undefined): (operation: Operation) => void {
  const { addTab } = useGraphiQLActions();
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const waiting = useRef<Operation>(undefined);
  useEffect(() => {
    const operation = waiting.current;
    waiting.current = undefined;
    if (operation && opened && tab !== undefined) {
      const [kind] = kindsOf(operation.document);
      queryEditor?.setValue(operation.document);
      variableEditor?.setValue(withSample(operation.document, {}, opened.session.samples.find((one) => one.kind === kind)));
      // What is chosen here is of the new tab, and nothing of the tab before.
      opened.turnTo(tab);
      opened.choose({ client: opened.client.name, purpose: operation.purpose });
    }
  }, [tab]);
  return (operation) => {
    waiting.current = operation;
    addTab();
  };
}

/** Puts a sample subject into the variables of the document at hand. */
function useSample(): (sample: Sample) => void {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return (sample) => {
    variableEditor?.setValue(withSample(queryEditor?.getValue() ?? "", parsed(variableEditor.getValue()), sample));
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01" />
    </svg>
  );
}

export const OPERATIONS_PLUGIN: Plugin = {
  title: "Operations and samples",
  icon: Icon,
  content: OperationsPanel,
};
