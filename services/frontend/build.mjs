// Bundles the server into one file; libraries stay in node_modules, as production images install them. Packs what Vite built.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

await build({
  absWorkingDir: here,
  entryPoints: ["src/server.ts"],
  outfile: "dist/server.js",
  bundle: true,
  packages: "external",
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
});

/** Scripts and styles are compressed once, here; index.html is, at start, by the server. */
const assets = join(here, "dist/page/assets");
for (const name of readdirSync(assets)) {
  const file = join(assets, name);
  if (/\.(js|css|svg|json)$/.test(name)) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}
