/** The parts of an answer that were withheld, grouped so that one rule is explained once. */

interface GraphQLError {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Common {
  readonly key: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Fields that one rule denies for one reason, each with its places in the answer. */
export interface Denial extends Common {
  readonly kind: "denial";
  readonly fields: Map<string, string[]>;
  readonly purpose: string;
  readonly rule: string;
  readonly reason: string;
  readonly purposes: readonly string[];
}

/** A bureau that did not deliver. */
export interface Failure extends Common {
  readonly kind: "failure";
  readonly paths: string[];
  readonly bureau: string;
  readonly dataset: string;
}

/** Any other error: it concerns the request as a whole, or a place of it. */
export interface Fault extends Common {
  readonly kind: "fault";
  readonly paths: string[];
}

export type Refusal = Denial | Failure | Fault;

/** A path as one would write it: persons[2].taxGrade. */
export function printPath(path: readonly (string | number)[]): string {
  const parts = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return parts.join("").replace(/^\./, "");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function toRefusal(error: GraphQLError): Refusal {
  const facts = error.extensions ?? {};
  const code = text(facts["code"]);
  const common = { code, message: text(error.message), remedy: text(facts["remedy"]) };
  if (code === "FIELD_DENIED") {
    const [purpose, rule, reason] = [text(facts["purpose"]), text(facts["rule"]), text(facts["reason"])];
    const purposes = texts(facts["purposes"]);
    const key = [code, purpose, rule, reason, ...purposes].join(" ");
    return { ...common, kind: "denial", key, fields: new Map(), purpose, rule, reason, purposes };
  }
  if (code.startsWith("BUREAU_")) {
    const [bureau, dataset] = [text(facts["bureau"]), text(facts["dataset"])];
    return { ...common, kind: "failure", key: [code, bureau, dataset].join(" "), paths: [], bureau, dataset };
  }
  return { ...common, kind: "fault", key: [code, common.message].join(" "), paths: [] };
}

function errorsOf(answer: string): readonly GraphQLError[] {
  const errors = (JSON.parse(answer) as { errors?: unknown } | null)?.errors;
  return Array.isArray(errors) ? (errors as GraphQLError[]) : [];
}

/** Where the error has to be noted: with its field where one was denied. */
function pathsIn(refusal: Refusal, error: GraphQLError): string[] {
  if (refusal.kind !== "denial") {
    return refusal.paths;
  }
  const field = text(error.extensions?.["field"]);
  const paths = refusal.fields.get(field) ?? [];
  refusal.fields.set(field, paths);
  return paths;
}

/** Every rule that denied fields, every bureau that failed and every other error, each with the places it concerns. */
export function refusalsOf(answer: string): readonly Refusal[] {
  const found = new Map<string, Refusal>();
  for (const error of errorsOf(answer)) {
    const made = toRefusal(error);
    const known = found.get(made.key) ?? made;
    if (error.path !== undefined) {
      pathsIn(known, error).push(printPath(error.path));
    }
    found.set(made.key, known);
  }
  return [...found.values()];
}
