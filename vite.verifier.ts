import { defineConfig } from "vite";

// The verifier is one file without any other: the page loads it, and the file that people keep holds it whole.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "src/qingqu/site/static/build",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { input: "frontend/log/page.ts", output: { entryFileNames: "verifier.js" } },
  },
});
