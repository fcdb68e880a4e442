import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./explorer.css";
import "./panes.css";
import { createRoot, type Root } from "react-dom/client";
import { App } from "./app";
import { loadSession } from "./session";

async function open(root: Root): Promise<void> {
  try {
    root.render(<App session={await loadSession()} />);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    root.render(<p role="alert">无法打开图谱浏览器。 · The explorer cannot open. {why}</p>);
  }
}

void open(createRoot(document.getElementById("root") as HTMLElement));
