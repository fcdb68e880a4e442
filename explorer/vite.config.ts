import { defineConfig, type Plugin } from "vite";

const EMBEDDED = /url\(["']?data:font\/(\w+);[^,"')]*base64,([A-Za-z0-9+/=]+)["']?\)/g;

/** Fonts that a style sheet embeds, as files beside it: the browser loads those alone that a text on the page needs. */
const fontFiles: Plugin = {
  name: "font-files",
  generateBundle(_options, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type === "asset" && asset.fileName.endsWith(".css")) {
        asset.source = String(asset.source).replace(EMBEDDED, (_, kind: string, encoded: string) => {
          const source = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
          const file = this.getFileName(this.emitFile({ type: "asset", name: `font.${kind}`, source }));
          return `url(./${file.slice(file.lastIndexOf("/") + 1)})`;
        });
      }
    }
  },
};

export default defineConfig({
  plugins: [fontFiles],
  // The gateway serves the bundle here; every address in it is below this one.
  base: "/explorer/",
  build: {
    target: "es2023",
    // The polyfill is for browsers that this target excludes.
    modulePreload: { polyfill: false },
    // The editor is one large chunk, loaded once and cached for good.
    chunkSizeWarningLimit: 8192,
  },
  // Workers are files of their own, so that the policy needs no blob: addresses.
  worker: { format: "es" },
});
