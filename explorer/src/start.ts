import type { GraphiQLProps } from "graphiql";
import enterprise from "./start-enterprise.graphql?raw";
import person from "./start-person.graphql?raw";
import { identifierOf, type Session } from "./session";

type Tabs = NonNullable<GraphiQLProps["defaultTabs"]>;

/** The tabs that a first visit opens: a question over four bureaus for each kind of subject. */
export function startTabs(session: Session): Tabs {
  return [
    { query: person, variables: variables("id", identifierOf(session, "person")) },
    { query: enterprise, variables: variables("code", identifierOf(session, "enterprise")) },
  ];
}

function variables(name: string, identifier: string | undefined): string {
  return JSON.stringify({ [name]: identifier ?? "" }, null, 2);
}
