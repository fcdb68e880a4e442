/** What the page is opened with: the clients one may act as, and subjects to try. */

export interface Purpose {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
}

/** A registered operation of a client. */
export interface Operation {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly purpose: string;
  readonly document: string;
}

export interface Client {
  readonly name: string;
  readonly title_zh: string;
  readonly title_en: string;
  readonly token: string;
  readonly purposes: readonly Purpose[];
  readonly operations: readonly Operation[];
}

export interface Sample {
  readonly kind: "person" | "enterprise";
  readonly identifier: string;
}

export interface Session {
  readonly synthetic: boolean;
  readonly city: string;
  readonly clients: readonly Client[];
  readonly samples: readonly Sample[];
}

export async function loadSession(): Promise<Session> {
  const response = await fetch("/explorer/session.json", { cache: "no-store" });
  if (!response.ok) {
    throw new Error(`The gateway answered ${response.status} for the session.`);
  }
  const session = (await response.json()) as Session;
  if (session.clients.length === 0) {
    throw new Error("The gateway names no client to act as.");
  }
  return session;
}

/** Both languages, Chinese first, as everywhere on the page. */
export function bilingual(zh: string, en: string): string {
  return `${zh} · ${en}`;
}

export function identifierOf(session: Session, kind: Sample["kind"]): string | undefined {
  return session.samples.find((sample) => sample.kind === kind)?.identifier;
}
