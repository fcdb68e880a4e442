import type { GraphiQLProps } from "graphiql";

export type Fetcher = GraphiQLProps["fetcher"];

/** Who asks; `renew` gets a fresh token where the one at hand has expired. */
export interface Caller {
  readonly token: () => string;
  readonly renew: () => Promise<void>;
  readonly purpose: () => string;
}

async function post(caller: Caller, body: string): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: "application/graphql-response+json, application/json;q=0.9",
    Authorization: `Bearer ${caller.token()}`,
    "Content-Type": "application/json",
  };
  if (caller.purpose() !== "") {
    headers["Data-Purpose"] = caller.purpose();
  }
  return fetch("/graphql", { method: "POST", headers, body });
}

/** A fetcher that acts as `caller`. */
export function createFetcher(caller: Caller): Fetcher {
  return async (params) => {
    const body = JSON.stringify(params);
    let response = await post(caller, body);
    if (response.status === 401) {
      await caller.renew();
      response = await post(caller, body);
    }
    return readJson(response);
  };
}

async function readJson(response: Response): Promise<{ data?: unknown; errors?: unknown }> {
  try {
    return (await response.json()) as { data?: unknown };
  } catch {
    throw new Error(`The gateway answered ${response.status} without JSON.`);
  }
}
