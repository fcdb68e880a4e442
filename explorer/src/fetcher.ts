import type { GraphiQLProps } from "graphiql";

export type Fetcher = GraphiQLProps["fetcher"];

const ACCEPTED = "application/graphql-response+json, application/json;q=0.9";

/** Who asks; `renew` gets a fresh token where the one at hand has expired. */
export interface Caller {
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

/** A fetcher that acts as `caller`. */
export function createFetcher(caller: Caller): Fetcher {
  return async (params) => {
    const headers: Record<string, string> = caller.purpose() === "" ? {} : { "Data-Purpose": caller.purpose() };
    return readJson(await send(caller, "/graphql", ACCEPTED, JSON.stringify(params), headers));
  };
}

async function readJson(response: Response): Promise<{ data?: unknown; errors?: unknown }> {
  try {
    return (await response.json()) as { data?: unknown };
  } catch {
    throw new Error(`The gateway answered ${response.status} without JSON.`);
  }
}
