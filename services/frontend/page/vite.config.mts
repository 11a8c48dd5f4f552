import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

import contract from "../../propagation/src/porta/contract.json" with { type: "json" };

/** `FRONTEND=http://127.0.0.1:8080 npx vite services/frontend/page` serves the page with hot reload before a running frontend. */
const frontend = process.env["FRONTEND"] ?? "http://127.0.0.1:8080";

const icon = readFileSync(new URL("src/icon.svg", import.meta.url));
/** Named by its content, as Vite names the rest. */
const iconName = `assets/icon-${createHash("sha256").update(icon).digest("base64url").slice(0, 8)}.svg`;

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  // The content security policy allows the page its own files only: nothing may be inlined.
  build: {
    outDir: fileURLToPath(new URL("../dist/page", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: { input: ["index.html", "problem.html"].map((name) => fileURLToPath(new URL(name, import.meta.url))) },
    reportCompressedSize: true,
  },
  plugins: [
    {
      name: "porta-limits",
      // The page says which numbers it takes before any script runs; a server with other limits writes its own.
      transformIndexHtml: (html) =>
        html
          .replaceAll("%MAX_STEPS%", String(contract.maxSteps))
          .replaceAll("%MAX_RUNS%", String(contract.maxRuns))
          .replaceAll("%MAX_ENSEMBLE_STEPS%", String(contract.maxEnsembleSteps)),
    },
    {
      // Vite overlooks links in HTML below a folder with a # in its name, such as C#: the icon, which scripts and styles do not name, is put there by us.
      name: "porta-icon",
      apply: "build",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: iconName, source: icon });
      },
      transformIndexHtml: { order: "post", handler: (html) => html.replaceAll('href="/src/icon.svg"', `href="/${iconName}"`) },
    },
    {
      name: "porta-deep-link",
      configureServer(server) {
        server.middlewares.use((request, _response, next) => {
          if (/^\/(propagation\/[^/]+|ensemble\/[^/]+\/[^/]+)\/?(\?.*)?$/.test(request.url ?? "")) request.url = "/";
          next();
        });
      },
    },
  ],
  server: { host: "127.0.0.1", proxy: { "/propagation": frontend, "/ensemble": frontend, "/openapi.json": frontend, "/docs": frontend } },
});
