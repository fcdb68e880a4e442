import { defineConfig } from "vite";

export default defineConfig({
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
