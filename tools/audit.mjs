// Audits a GraphQL server from outside by the GraphQL over HTTP specification, with graphql-http's own audits.
// Usage: AUDIT_TOKEN=... node audit.mjs http://127.0.0.1:8000/graphql
// Prints one JSON array of {id, name, status, reason}; the status is "ok", "notice", "warn" or "error".
// The token comes by the environment: a command line can be read by every user of the machine.
import { serverAudits } from "graphql-http";

const url = process.argv[2];
const token = process.env.AUDIT_TOKEN;

function fetchFn(address, init) {
  return fetch(address, { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } });
}

const results = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const { status, reason = "" } = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status, reason: String(reason) });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
