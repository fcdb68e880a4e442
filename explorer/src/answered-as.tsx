import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";
import { useAnswered, type Answered, type Changed, type Question } from "./answered";
import { clientOf, type Pickers } from "./pickers";
import { bilingual, type Session } from "./session";

const PARTS: Readonly<Record<Changed, string>> = {
  client: "client · 客户端",
  purpose: "purpose · 目的",
  document: "document · 文档",
  variables: "variables · 变量",
};

interface Props {
  readonly session: Session;
  readonly pickers: Pickers;
  readonly last: Answered | undefined;
  readonly turnTo: (tab: string) => void;
}

/** As whom and for what the answer above was given, and what has changed since. */
export function AnsweredAs({ session, pickers, last, turnTo }: Props) {
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.id);
  useEffect(() => {
    if (tab !== undefined) {
      turnTo(tab);
    }
  }, [tab, turnTo]);
  const shown = useAnswered(last, pickers);
  if (shown === undefined) {
    return null;
  }
  const stale = shown.changed.length > 0;
  return (
    <p className="answered" role="status" aria-label="Answer · 回答" data-stale={stale}>
      {stale && <strong>Stale · 已过时 — changed since · 已更改: {shown.changed.map((part) => PARTS[part]).join(", ")}. </strong>}
      {words(session, shown.question)}
    </p>
  );
}

function words(session: Session, question: Question): string {
  const client = clientOf(session, question.client);
  const purpose = client.purposes.find((one) => one.name === question.purpose);
  const asked = purpose ? bilingual(purpose.zh, purpose.en) : question.purpose || "不指定 · none";
  const at = question.at.toLocaleTimeString("en-GB");
  return `Answered as · 回答对象: ${bilingual(client.title_zh, client.title_en)}; for · 目的: ${asked}; ${question.operationName} ${at}`;
}
