/** What becomes of each use that the document at hand makes of a field, as the gateway explains it. */

import { useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";
import { send, type Caller } from "./fetcher";

const SETTLED_AFTER = 300; // milliseconds without a change

export type State = "allowed" | "limited" | "masked" | "denied";

export interface Line {
  readonly field: string;
  readonly use: string;
  readonly reached: "own" | "asked" | "ward" | "person" | "enterprise";
  readonly at: string;
  readonly state: State;
  readonly rule: string;
  readonly reason: string;
  readonly source: string;
  /** The input that refuses a derived field. */
  readonly input: string;
  /** The denied field above a masked one. */
  readonly under: string;
  readonly uses: readonly string[];
  readonly purposes: readonly string[];
}

export interface Explanation {
  readonly purpose: string;
  readonly lines: readonly Line[];
  /** Purposes of the caller's kind, each of which covers the whole document. */
  readonly covering: readonly string[];
}

export type Explained =
  | { readonly kind: "explained"; readonly explanation: Explanation; readonly mixesPurposes: boolean }
  | { readonly kind: "refused"; readonly why: string };

interface Asked {
  readonly query: string;
  readonly operationName?: string;
  readonly purpose?: string;
}

interface Answer {
  readonly explanation?: Explanation;
  readonly mixesPurposes?: boolean;
  readonly errors?: readonly { readonly message?: string }[];
}

async function explain(caller: Caller, asked: Asked, signal: AbortSignal): Promise<Explained> {
  // Under this type a document that is being written and not yet right is answered, and no failure.
  const response = await send(caller, "/explorer/explain", "application/json", JSON.stringify(asked), {}, signal);
  const answer = (await response.json()) as Answer;
  if (answer.explanation === undefined) {
    return { kind: "refused", why: answer.errors?.[0]?.message ?? "" };
  }
  return { kind: "explained", explanation: answer.explanation, mixesPurposes: answer.mixesPurposes ?? false };
}

/** The document of the tab that is shown, and the operation in it that would be run. */
function useDocument(): { readonly query: string; readonly operationName: string } {
  const query = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.query ?? "");
  const named = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.operationName ?? "");
  return { query, operationName: query.includes(named) ? named : "" };
}

/** The explanation of the document at hand, anew once it or the purpose has changed; undefined while there is none. */
export function useExplanation(caller: Caller, purpose: string, askable: boolean): Explained | undefined {
  const { query, operationName } = useDocument();
  const [explained, setExplained] = useState<Explained>();
  useEffect(() => {
    if (!askable || query.trim() === "") {
      setExplained(undefined);
      return;
    }
    const asked = { query, ...(operationName && { operationName }), ...(purpose && { purpose }) };
    const abort = new AbortController();
    const ask = () => explain(caller, asked, abort.signal).then(setExplained, (error: unknown) => failed(error, abort));
    const failed = (error: unknown, by: AbortController) => {
      if (!by.signal.aborted) {
        setExplained({ kind: "refused", why: error instanceof Error ? error.message : "" });
      }
    };
    const timer = setTimeout(() => void ask(), SETTLED_AFTER);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [caller, purpose, askable, query, operationName]);
  return explained;
}
