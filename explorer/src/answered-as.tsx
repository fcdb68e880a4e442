import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";
import { useAnswered, type Answered, type Changed, type Question } from "./answered";
import { clientOf, type Pickers } from "./pickers";
import { bilingual, type Session } from "./session";

const PARTS: Readonly<Record<Changed, string>> = {
  client: "客户端 · client",
  purpose: "目的 · purpose",
  document: "文档 · document",
  variables: "变量 · variables",
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
    <p className="answered" role="status" aria-label="回答 · Answer" data-stale={stale}>
      {stale && <strong>已过时 · Stale. 已更改 · Changed: {shown.changed.map((part) => PARTS[part]).join(", ")}. </strong>}
      {words(session, shown.question)}
    </p>
  );
}

function words(session: Session, question: Question): string {
  const client = clientOf(session, question.client);
  const purpose = client.purposes.find((one) => one.name === question.purpose);
  const asked = purpose ? bilingual(purpose.zh, purpose.en) : question.purpose || "不指定 · none";
  const at = question.at.toLocaleTimeString("en-GB");
  const parts = [`身份 · as: ${bilingual(client.title_zh, client.title_en)}`, `目的 · for: ${asked}`, question.operationName];
  return `回答 · Answered ${at} — ${parts.filter(Boolean).join("; ")}`;
}
