/** For each answer that is shown, the question that it answers: who asked what, and for which purpose. */

import { useGraphiQL } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import type { Pickers } from "./pickers";

export interface Question extends Pickers {
  readonly document: string;
  readonly variables: unknown;
  readonly operationName: string;
  readonly at: Date;
}

/** An answer as the page shows it, with its question. */
export interface Answered {
  readonly question: Question;
  readonly text: string;
}

/** The part of a question that is not as it was. */
export type Changed = "client" | "purpose" | "document" | "variables";

export interface Shown {
  readonly question: Question;
  readonly changed: readonly Changed[];
}

/** The question of the answer in the tab that is shown; undefined while there is no answer. `last` came last. */
export function useAnswered(last: Answered | undefined, pickers: Pickers): Shown | undefined {
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const [byTab, setByTab] = useState<ReadonlyMap<string, Answered>>(new Map());
  // An answer belongs to the first tab that shows it: the same words in another tab have a question of their own.
  const placed = useRef<Answered>(undefined);
  useEffect(() => {
    if (tab && last && placed.current !== last && tab.response === last.text) {
      placed.current = last;
      setByTab((before) => new Map(before).set(tab.id, last));
    }
  }, [tab, last]);
  const answered = tab && byTab.get(tab.id);
  if (answered === undefined || answered.text !== tab?.response) {
    return undefined;
  }
  const now = { document: tab.query ?? "", variables: tab.variables ?? "" };
  return { question: answered.question, changed: changes(answered.question, pickers, now) };
}

interface Written {
  readonly document: string;
  readonly variables: string;
}

function changes(question: Question, pickers: Pickers, written: Written): readonly Changed[] {
  const same: Readonly<Record<Changed, boolean>> = {
    client: question.client === pickers.client,
    purpose: question.purpose === pickers.purpose,
    document: question.document === written.document,
    variables: canonical(question.variables) === canonicalText(written.variables),
  };
  return (Object.keys(same) as Changed[]).filter((part) => !same[part]);
}

function canonical(variables: unknown): string {
  return JSON.stringify(variables ?? {});
}

/** Variables that are being written and not yet right are not those that were sent. */
function canonicalText(text: string): string | undefined {
  try {
    return canonical(text.trim() === "" ? {} : JSON.parse(text));
  } catch {
    return undefined;
  }
}
