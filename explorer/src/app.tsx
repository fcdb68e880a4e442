import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useMemo, useRef, useState } from "react";
import type { Answered } from "./answered";
import { AnsweredAs } from "./answered-as";
import { ExplainPanel } from "./explain-panel";
import { createFetcher, type Caller } from "./fetcher";
import { OPERATIONS_PLUGIN, PanelContext } from "./operations-panel";
import { clientOf, purposeUnder, usePickers } from "./pickers";
import { RefusalsPanel } from "./refusals-panel";
import { loadSession, type Session } from "./session";
import { startTabs } from "./start";
import { TopBar } from "./top-bar";

const PLUGINS = [OPERATIONS_PLUGIN, HISTORY_PLUGIN];

export function App({ session }: { session: Session }) {
  const { pickers, choose, turnTo } = usePickers(session);
  const client = clientOf(session, pickers.client);
  const { purpose } = pickers;
  const caller = useCaller(session, client.name, purpose);
  const [last, setLast] = useState<Answered>();
  const fetcher = useMemo(() => createFetcher(caller, setLast), [caller]);
  const tabs = useMemo(() => startTabs(session), [session]);
  // The variables of default tabs reach the editor only when a tab is changed to; the first is open already.
  const [firstVisit] = useState(() => sessionStorage.getItem("graphiql:tabState") === null);

  function chooseClient(name: string) {
    const chosen = clientOf(session, name);
    choose({ client: name, purpose: purposeUnder(chosen, purpose || undefined) });
  }

  function choosePurpose(name: string) {
    choose({ client: client.name, purpose: name });
  }

  const opened = useMemo(() => ({ session, client, choose, turnTo }), [session, client, choose, turnTo]);
  return (
    <PanelContext value={opened}>
      <div className="explorer">
        <TopBar {...{ session, client, purpose, chooseClient, choosePurpose }} />
        <main>
          <GraphiQL
            fetcher={fetcher}
            plugins={PLUGINS}
            defaultTabs={tabs}
            {...(firstVisit && { initialVariables: tabs[0]?.variables ?? "" })}
            // What was asked stays in this tab of the browser and ends with it.
            storage={sessionStorage}
            // The pickers set the headers; a second place to set them would contradict.
            isHeadersEditorEnabled={false}
            shouldPersistHeaders={false}
            showPersistHeadersSettings={false}
            defaultEditorToolsVisibility="variables"
            forcedTheme="light"
          >
            <GraphiQL.Logo>{null}</GraphiQL.Logo>
            <GraphiQL.Footer>
              <AnsweredAs {...{ session, pickers, last, turnTo }} />
              <RefusalsPanel purposes={client.purposes} choose={choosePurpose} />
              <ExplainPanel {...{ caller, purpose }} purposes={client.purposes} choose={choosePurpose} />
            </GraphiQL.Footer>
          </GraphiQL>
        </main>
      </div>
    </PanelContext>
  );
}

/** A caller that is new with every client, so that the schema is asked for anew, but not with a purpose. */
function useCaller(session: Session, name: string, purpose: string): Caller {
  const clients = useRef(session.clients);
  const latest = useRef(purpose);
  latest.current = purpose;
  return useMemo(
    () => ({
      name,
      token: () => clients.current.find((one) => one.name === name)?.token ?? "",
      renew: async () => {
        clients.current = (await loadSession()).clients;
      },
      purpose: () => latest.current,
    }),
    [name],
  );
}
