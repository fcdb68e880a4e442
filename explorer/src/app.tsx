import { GraphiQL } from "graphiql";
import { useMemo, useRef, useState } from "react";
import { ExplainPanel } from "./explain-panel";
import { createFetcher, type Caller } from "./fetcher";
import { RefusalsPanel } from "./refusals-panel";
import { loadSession, type Client, type Session } from "./session";
import { startTabs } from "./start";
import { TopBar } from "./top-bar";

/** The purpose to begin with under `client`: the one in use where it is granted, else the first. */
function purposeUnder(client: Client, current: string): string {
  const granted = client.purposes.some((one) => one.name === current);
  return granted ? current : (client.purposes[0]?.name ?? "");
}

export function App({ session }: { session: Session }) {
  const [clientName, setClientName] = useState(session.clients[0]?.name ?? "");
  const client = session.clients.find((one) => one.name === clientName) as Client;
  const [purpose, setPurpose] = useState(() => purposeUnder(client, ""));
  const caller = useCaller(session, clientName, purpose);
  const fetcher = useMemo(() => createFetcher(caller), [caller]);
  const tabs = useMemo(() => startTabs(session), [session]);
  // The variables of default tabs reach the editor only when a tab is changed to; the first is open already.
  const [firstVisit] = useState(() => sessionStorage.getItem("graphiql:tabState") === null);

  function chooseClient(name: string) {
    const chosen = session.clients.find((one) => one.name === name) as Client;
    setClientName(name);
    setPurpose(purposeUnder(chosen, purpose));
  }

  return (
    <div className="explorer">
      <TopBar {...{ session, client, purpose, chooseClient }} choosePurpose={setPurpose} />
      <main>
        <GraphiQL
          fetcher={fetcher}
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
            <RefusalsPanel purposes={client.purposes} choose={setPurpose} />
            <ExplainPanel {...{ caller, purpose }} purposes={client.purposes} choose={setPurpose} />
          </GraphiQL.Footer>
        </GraphiQL>
      </main>
    </div>
  );
}

/** A caller that is new with every client, so that the schema is asked for anew, but not with a purpose. */
function useCaller(session: Session, name: string, purpose: string): Caller {
  const clients = useRef(session.clients);
  const latest = useRef(purpose);
  latest.current = purpose;
  return useMemo(
    () => ({
      token: () => clients.current.find((one) => one.name === name)?.token ?? "",
      renew: async () => {
        clients.current = (await loadSession()).clients;
      },
      purpose: () => latest.current,
    }),
    [name],
  );
}
