/** Where a document uses each field, also those that the schema of the caller does not show. */

import { getNamedType, isCompositeType, Kind, parse, TypeInfo, visit, visitWithTypeInfo, type ASTNode, type DocumentNode, type FieldNode, type GraphQLSchema } from "graphql";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Place {
  /** "Type.field" */
  readonly coordinate: string;
  /** The name of the field. */
  readonly name: Span;
  /** What has to go for the field to go: itself, or what would be left empty; undefined where nothing would be left. */
  readonly removal: Span | undefined;
}

/** Every field whose type is known, in the order of the document; none while it cannot be parsed. */
export function placesOf(schema: GraphQLSchema, text: string): readonly Place[] {
  const document = parsed(text);
  if (document === undefined) {
    return [];
  }
  const found: Place[] = [];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node, _key, _parent, _path, ancestors) => {
        const parent = types.getParentType();
        if (parent && node.name.loc) {
          const coordinate = `${parent.name}.${node.name.value}`;
          const above = ancestors.filter((one): one is ASTNode => "kind" in one);
          found.push({ coordinate, name: span(node.name), removal: removalOf(node, above) });
        }
        const type = types.getType();
        // Below a field that the schema does not show nothing is known of any type.
        return type && isCompositeType(getNamedType(type)) ? undefined : node.selectionSet ? false : undefined;
      },
    }),
  );
  return found;
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function span(node: ASTNode): Span {
  return { start: node.loc?.start ?? 0, end: node.loc?.end ?? 0 };
}

/** The outermost selection that holds nothing but this field: a selection set may not be empty. */
function removalOf(field: FieldNode, above: readonly ASTNode[]): Span | undefined {
  let gone: ASTNode = field;
  for (const one of above.toReversed()) {
    if (one.kind === Kind.SELECTION_SET) {
      if (one.selections.length > 1) {
        return span(gone);
      }
    } else if (one.kind === Kind.FIELD || one.kind === Kind.INLINE_FRAGMENT) {
      gone = one;
    }
  }
  return undefined;
}
