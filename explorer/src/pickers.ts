/** Who asks and for what, remembered with each tab of the editor for as long as the browser's tab is open. */

import { useCallback, useRef, useState } from "react";
import type { Client, Session } from "./session";

export interface Pickers {
  readonly client: string;
  readonly purpose: string;
}

const REMEMBERED = "creditgraph:pickers";
/** Under this name stand the last ones, for tabs of which nothing is remembered. */
const LAST = "";

function remembered(): Readonly<Record<string, Pickers>> {
  try {
    return JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "{}") as Record<string, Pickers>;
  } catch {
    return {};
  }
}

function remember(tab: string, pickers: Pickers): void {
  sessionStorage.setItem(REMEMBERED, JSON.stringify({ ...remembered(), [tab]: pickers, [LAST]: pickers }));
}

/** The tab of the editor that a reload of the page opens with. */
function firstTab(): string {
  try {
    const state = JSON.parse(sessionStorage.getItem("graphiql:tabState") ?? "{}");
    return state.tabs?.[state.activeTabIndex]?.id ?? LAST;
  } catch {
    return LAST;
  }
}

export function clientOf(session: Session, name: string): Client {
  const [first] = session.clients;
  return session.clients.find((one) => one.name === name) ?? (first as Client);
}

/** The purpose under `client`: the one in use where it is granted or none was chosen, else the first. */
export function purposeUnder(client: Client, current: string | undefined): string {
  const granted = current === "" || client.purposes.some((one) => one.name === current);
  return granted ? (current as string) : (client.purposes[0]?.name ?? "");
}

/** Only what the session still offers: a client or a purpose may be gone since it was remembered. */
function offered(session: Session, known: Pickers | undefined): Pickers {
  const client = clientOf(session, known?.client ?? "");
  return { client: client.name, purpose: purposeUnder(client, known?.purpose) };
}

interface UsedPickers {
  readonly pickers: Pickers;
  readonly choose: (pickers: Pickers) => void;
  /** Turn to another tab of the editor, with what is remembered of it. */
  readonly turnTo: (tab: string) => void;
}

export function usePickers(session: Session): UsedPickers {
  const [pickers, setPickers] = useState(() => offered(session, remembered()[firstTab()] ?? remembered()[LAST]));
  const latest = useRef(pickers);
  const tab = useRef(LAST);
  const choose = useCallback((chosen: Pickers) => {
    latest.current = chosen;
    setPickers(chosen);
    remember(tab.current, chosen);
  }, []);
  const turnTo = useCallback(
    (turned: string) => {
      tab.current = turned;
      const known = remembered()[turned];
      choose(known ? offered(session, known) : latest.current);
    },
    [session, choose],
  );
  return { pickers, choose, turnTo };
}
