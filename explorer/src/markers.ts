/** Marks of our own on denied fields in the editor, with rule and reason, in place of "Cannot query field". */

import { useGraphiQL, useMonaco } from "@graphiql/react";
import { useEffect, useRef } from "react";
import type { Explained, Line } from "./explain";
import { placesOf, type Place, type Span } from "./places";
import { bilingual, type Purpose } from "./session";

type Monaco = typeof import("monaco-editor");
type Model = ReturnType<Monaco["editor"]["createModel"]>;
type Marker = Parameters<Monaco["editor"]["setModelMarkers"]>[2][number];

const OWNER = "creditgraph";
const SWITCH = "creditgraph.switch-purpose";
const UNKNOWN = /^Cannot query field "(\w+)" on type "(\w+)"/;

interface Denied {
  readonly line: Line;
  readonly place: Place;
}

/** Keep the marks of the editor those of the explanation. */
export function useMarkers(explained: Explained | undefined, granted: readonly Purpose[], choose: (purpose: string) => void): void {
  const { monaco } = useMonaco();
  const editor = useGraphiQL((state) => state.queryEditor);
  const schema = useGraphiQL((state) => state.schema);
  const denied = useRef<readonly Denied[]>([]);
  const chosen = useRef(choose);
  chosen.current = choose;
  const lines = useDeniedLines(explained);

  useEffect(() => {
    const model = editor?.getModel();
    if (!monaco || !model || !schema) {
      return;
    }
    const draw = () => {
      const places = placesOf(schema, model.getValue());
      denied.current = lines.flatMap((line) =>
        places.filter((place) => place.coordinate === line.at).map((place) => ({ line, place })));
      monaco.editor.setModelMarkers(model, OWNER, denied.current.map((one) => markerOf(monaco, model, one)));
      hideContradictions(monaco, model, lines);
    };
    draw();
    const heard = [
      model.onDidChangeContent(draw),
      monaco.editor.onDidChangeMarkers((changed) => {
        if (changed.some((uri) => uri.toString() === model.uri.toString())) {
          hideContradictions(monaco, model, lines);
        }
      }),
    ];
    return () => heard.forEach((one) => one.dispose());
  }, [monaco, editor, schema, lines]);

  useEffect(() => {
    if (!monaco) {
      return;
    }
    const heard = [
      monaco.editor.registerCommand(SWITCH, (_accessor: unknown, purpose: string) => chosen.current(purpose)),
      monaco.languages.registerCodeActionProvider("graphql", {
        provideCodeActions: (model, range) => {
          const actions = denied.current
            .filter(({ place }) => rangeOf(monaco, model, place.name).intersectRanges(range))
            .flatMap((one) => [...switches(monaco, model, one, granted), ...removal(monaco, model, one)]);
          // Several uses of one field are mended by the same fix.
          return { actions: [...new Map(actions.map((each) => [each.title, each])).values()], dispose: () => undefined };
        },
      }),
    ];
    return () => heard.forEach((one) => one.dispose());
  }, [monaco, granted]);
}

/** The denied lines of the explanation; those of the last one while a document is being written and not yet right. */
function useDeniedLines(explained: Explained | undefined): readonly Line[] {
  const last = useRef<readonly Line[]>([]);
  const known = useRef<Explained>(undefined);
  if (explained?.kind === "explained" && explained !== known.current) {
    known.current = explained;
    last.current = explained.explanation.lines.filter((line) => line.state === "denied");
  }
  return last.current;
}

function rangeOf(monaco: Monaco, model: Model, span: Span) {
  return monaco.Range.fromPositions(model.getPositionAt(span.start), model.getPositionAt(span.end));
}

function markerOf(monaco: Monaco, model: Model, { line, place }: Denied): Marker {
  const range = rangeOf(monaco, model, place.name);
  return {
    startLineNumber: range.startLineNumber,
    startColumn: range.startColumn,
    endLineNumber: range.endLineNumber,
    endColumn: range.endColumn,
    severity: monaco.MarkerSeverity.Warning,
    code: line.rule,
    message: `拒绝 · Denied: ${line.use} ${line.field} — ${line.reason}${line.source && ` (${line.source})`}`,
  };
}

/** Take away what the schema's view says of a field that the gateway knows and denies. */
function hideContradictions(monaco: Monaco, model: Model, lines: readonly Line[]): void {
  const known = new Set(lines.map((line) => line.at));
  const contradicts = (marker: { message: string }) => {
    const [, field, type] = UNKNOWN.exec(marker.message) ?? [];
    return known.has(`${type}.${field}`);
  };
  const marks = monaco.editor.getModelMarkers({ resource: model.uri }).filter((marker) => marker.owner !== OWNER);
  for (const owner of new Set(marks.filter(contradicts).map((marker) => marker.owner))) {
    const left = marks.filter((marker) => marker.owner === owner && !contradicts(marker));
    monaco.editor.setModelMarkers(model, owner, left);
  }
}

/** One quick fix for each purpose of the client that would allow the use. */
function switches(monaco: Monaco, model: Model, one: Denied, granted: readonly Purpose[]) {
  return granted
    .filter((purpose) => one.line.purposes.includes(purpose.name))
    .map((purpose) => {
      const title = `切换目的 · Switch the purpose: ${bilingual(purpose.zh, purpose.en)}`;
      const command = { id: SWITCH, title, arguments: [purpose.name] };
      return { title, kind: "quickfix", diagnostics: [markerOf(monaco, model, one)], command };
    });
}

function removal(monaco: Monaco, model: Model, one: Denied) {
  if (one.place.removal === undefined) {
    return [];
  }
  const textEdit = { range: rangeOf(monaco, model, one.place.removal), text: "" };
  const edit = { edits: [{ resource: model.uri, versionId: model.getVersionId(), textEdit }] };
  return [{ title: `删除字段 · Remove ${one.line.at}`, kind: "quickfix", diagnostics: [markerOf(monaco, model, one)], edit }];
}
