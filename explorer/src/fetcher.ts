import type { GraphiQLProps } from "graphiql";
import type { Answered } from "./answered";

export type Fetcher = GraphiQLProps["fetcher"];

const ACCEPTED = "application/graphql-response+json, application/json;q=0.9";

/** Who asks; `renew` gets a fresh token where the one at hand has expired. */
export interface Caller {
  readonly name: string;
  readonly token: () => string;
  readonly renew: () => Promise<void>;
  readonly purpose: () => string;
}

async function post(caller: Caller, path: string, accept: string, init: RequestInit): Promise<Response> {
  const own = { Accept: accept, Authorization: `Bearer ${caller.token()}`, "Content-Type": "application/json" };
  return fetch(path, { ...init, method: "POST", headers: { ...own, ...init.headers } });
}

/** Send as `caller`, and once more with a fresh token where the one at hand has expired. */
export async function send(
  caller: Caller,
  path: string,
  accept: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const response = await post(caller, path, accept, { body, headers, signal });
  if (response.status !== 401) {
    return response;
  }
  await caller.renew();
  return post(caller, path, accept, { body, headers, signal });
}

/** A fetcher that acts as `caller`, and tells each answer with its question before it is shown. */
export function createFetcher(caller: Caller, tell: (answered: Answered) => void): Fetcher {
  return async (params) => {
    const { query, variables, operationName } = params;
    const question = { client: caller.name, purpose: caller.purpose(), document: query, variables, at: new Date() };
    const headers: Record<string, string> = question.purpose === "" ? {} : { "Data-Purpose": question.purpose };
    // The page's own question for the schema goes where long answers are packed; it is no answer to show.
    const forSchema = operationName === "IntrospectionQuery";
    const path = forSchema ? "/explorer/graphql" : "/graphql";
    const answer = await readJson(await send(caller, path, ACCEPTED, JSON.stringify(params), headers));
    if (forSchema) {
      return answer;
    }
    // As GraphiQL prints it.
    tell({ question: { ...question, operationName: operationName ?? "" }, text: JSON.stringify(answer, null, 2) });
    return answer;
  };
}

async function readJson(response: Response): Promise<{ data?: unknown; errors?: unknown }> {
  try {
    return (await response.json()) as { data?: unknown };
  } catch {
    throw new Error(`The gateway answered ${response.status} without JSON.`);
  }
}
