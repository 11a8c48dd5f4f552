// `npm run test:cluster` runs the tests on a real cluster, whichever KUBECONFIG names; `-- manifests` only the files so called.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home, root } from "./paths.mjs";
import { Terminal } from "./terminal.mjs";
import { jestCounts } from "./test/counts.mjs";
import { runPart, summarize } from "./test/run.mjs";

const terminal = new Terminal();
if (process.env.KUBECONFIG === undefined) {
  terminal.problem("Tests on a cluster need one: set KUBECONFIG to the kubeconfig of a cluster that may be written to.");
  process.exit(1);
}
const results = join(home, "test");
mkdirSync(results, { recursive: true });
const file = join(results, "cluster-jest.json");
const files = process.argv.slice(2).map((name) => `__tests__/cluster/${name}`);

// One cluster, so one file after the other.
const outcome = await runPart(
  {
    name: "cluster",
    what: "on a real cluster",
    command: process.execPath,
    args: [
      join(root, "node_modules", "jest", "bin", "jest.js"),
      "--runInBand",
      "--globalSetup",
      join(root, "__tests__", "cluster", "support", "namespaces.ts"),
      "--json",
      "--outputFile",
      file,
      "--testPathIgnorePatterns",
      "/node_modules/",
      "--",
      ...(files.length > 0 ? files : ["__tests__/cluster/"]),
    ],
    cwd: root,
    env: process.env, // kubectl may log in with programs that read any variable
    counts: () => jestCounts(file),
    live: true,
  },
  terminal,
);
const sum = summarize([outcome], terminal);
writeFileSync(join(results, "cluster.json"), JSON.stringify(sum));
process.exitCode = outcome.ok ? 0 : 1;
