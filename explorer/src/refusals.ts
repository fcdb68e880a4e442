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
  readonly paths: string[];
}

export interface Denial extends Common {
  readonly kind: "denial";
  readonly field: string;
  readonly purpose: string;
  readonly rule: string;
  readonly reason: string;
  readonly purposes: readonly string[];
}

export interface Failure extends Common {
  readonly kind: "failure";
  readonly bureau: string;
  readonly dataset: string;
}

export type Refusal = Denial | Failure;

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

function toRefusal(error: GraphQLError): Refusal | undefined {
  const facts = error.extensions ?? {};
  const code = text(facts["code"]);
  const common = { code, message: text(error.message), remedy: text(facts["remedy"]), paths: [] };
  if (code === "FIELD_DENIED") {
    const [field, purpose, rule] = [text(facts["field"]), text(facts["purpose"]), text(facts["rule"])];
    const key = [code, field, purpose, rule].join(" ");
    const [reason, purposes] = [text(facts["reason"]), texts(facts["purposes"])];
    return { ...common, kind: "denial", key, field, purpose, rule, reason, purposes };
  }
  if (code.startsWith("BUREAU_")) {
    const [bureau, dataset] = [text(facts["bureau"]), text(facts["dataset"])];
    return { ...common, kind: "failure", key: [code, bureau, dataset].join(" "), bureau, dataset };
  }
  return undefined;
}

function errorsOf(answer: string): readonly GraphQLError[] {
  const errors = (JSON.parse(answer) as { errors?: unknown } | null)?.errors;
  return Array.isArray(errors) ? (errors as GraphQLError[]) : [];
}

/** Every denied field and every bureau that failed, each with all the places it concerns. */
export function refusalsOf(answer: string): readonly Refusal[] {
  const found = new Map<string, Refusal>();
  for (const error of errorsOf(answer)) {
    const refusal = toRefusal(error);
    if (refusal === undefined) {
      continue;
    }
    const known = found.get(refusal.key) ?? refusal;
    known.paths.push(printPath(error.path ?? []));
    found.set(refusal.key, known);
  }
  return [...found.values()];
}
