/** A variable with a default may be left out: the editor's own check of the variables demands each that is not null. */

import { useGraphiQL, useMonaco } from "@graphiql/react";
import { useEffect } from "react";
import { defaulted } from "./variables";

const MISSING = /^Missing property "(\w+)"/;

/** Take away the marks that demand what has a default. */
export function useVariableMarks(): void {
  const { monaco } = useMonaco();
  const document = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  useEffect(() => {
    const model = variables?.getModel();
    if (!monaco || !model) {
      return;
    }
    const heard = monaco.editor.onDidChangeMarkers((changed) => {
      if (!changed.some((uri) => uri.toString() === model.uri.toString())) {
        return;
      }
      const names = defaulted(document?.getValue() ?? "");
      const marks = monaco.editor.getModelMarkers({ resource: model.uri });
      const left = marks.filter((mark) => !names.has(MISSING.exec(mark.message)?.[1] ?? ""));
      if (left.length < marks.length) {
        monaco.editor.setModelMarkers(model, "json", left);
      }
    });
    return () => heard.dispose();
  }, [monaco, document, variables]);
}
