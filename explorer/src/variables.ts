/** The variables of a document that name subjects, filled with a sample. */

import { Kind, parse, type TypeNode, type VariableDefinitionNode } from "graphql";
import type { Sample } from "./session";

const TYPES: Readonly<Record<Sample["kind"], string>> = { person: "PersonNumber", enterprise: "CreditCode" };
const EITHER = "SubjectKey";

/** The kinds of subject that the variables of a document can hold. */
export function kindsOf(document: string): readonly Sample["kind"][] {
  const types = definitions(document).map((one) => named(one.type));
  return (["person", "enterprise"] as const).filter((kind) => types.some((type) => type === TYPES[kind] || type === EITHER));
}

/** `known` with the sample in each variable that takes a subject of its kind, and null for each that has no value. */
export function withSample(document: string, known: Readonly<Record<string, unknown>>, sample: Sample | undefined): string {
  const filled = definitions(document).map((one) => {
    const name = one.variable.name.value;
    return [name, sample && valueOf(one.type, sample), one.defaultValue ? undefined : null] as const;
  });
  const found = Object.fromEntries(filled.map(([name, value, none]) => [name, value ?? known[name] ?? none]));
  return JSON.stringify(found, null, 2);
}

/** The variables that have a default. */
export function defaulted(document: string): ReadonlySet<string> {
  return new Set(definitions(document).flatMap((one) => (one.defaultValue ? [one.variable.name.value] : [])));
}

function definitions(document: string): readonly VariableDefinitionNode[] {
  try {
    const [operation] = parse(document).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
    return operation?.variableDefinitions ?? [];
  } catch {
    return [];
  }
}

function named(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type);
}

function valueOf(type: TypeNode, sample: Sample): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) {
    return valueOf(type.type, sample);
  }
  if (type.kind === Kind.LIST_TYPE) {
    const value = valueOf(type.type, sample);
    return value === undefined ? undefined : [value];
  }
  if (type.name.value === TYPES[sample.kind]) {
    return sample.identifier;
  }
  return type.name.value === EITHER ? { [sample.kind]: sample.identifier } : undefined;
}
