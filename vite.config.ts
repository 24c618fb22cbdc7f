import { defineConfig } from "vite";

// One build: the style sheet and the islands, into the folder django-vite reads.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "src/qingqu/site/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // The content security policy refuses styles and scripts that are not files of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    // htmx carries an eval that the page tells it never to use (allowEval: false), and the policy header would refuse it.
    rolldownOptions: { input: "frontend/main.ts", checks: { eval: false } },
  },
});
