import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { portVariables } from "../../scripts/settings.mjs";
import { testParts } from "../../scripts/test/parts.mjs";
import { SETTINGS } from "../../services/frontend/src/settings";

const readme = readFileSync(join(root, "README.md"), "utf8");
const section = (title: string): string => readme.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Variables that stand in the first column of a table. */
function tabled(text: string): string[] {
  return text.split("\n").flatMap((line) => [...(/^\| (`.*?) \|/.exec(line)?.[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? ""));
}

describe("the README", () => {
  test("has the two commands and the picture on its first screen", () => {
    const screen = readme.split("\n").slice(0, 10).join("\n");
    expect(screen).toMatch(/git clone .*\nnpm start\n/);
    expect(screen).toMatch(/!\[.+\]\(docs\/screenshot\.png\)/);
  });

  test("leads nowhere that is not there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? "");
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("names only commands that there are", () => {
    const commands = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name ?? "");
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("lists every variable that a part reads, and no other", () => {
    const python = readFileSync(join(root, "services/propagation/src/porta/config.py"), "utf8");
    const known = new Set([
      ...Object.values(SETTINGS).map(({ name }) => name),
      ...[...python.matchAll(/^``([A-Z_]+)``/gm)].map(([, name]) => name ?? ""),
      ...Object.values(portVariables).map(({ variable }) => variable),
      ...["PORTA_WORKERS", "PORTA_HOME", "PORTA_PYTHON", "REDIS_MAXMEMORY"],
    ]);
    expect(tabled(section("Configuration")).sort()).toEqual([...known].sort());
  });

  test("gives each variable the default that it has", () => {
    const rows = section("Configuration");
    for (const { name, fallback } of Object.values(SETTINGS)) {
      const row = rows.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
      // What npm start gives instead: its own pool and cache, and no pause at the end.
      if (row === undefined || ["REDIS_ADDR", "DASK_SCHEDULER", "DISPATCH_URL", "DRAIN_MS"].includes(name)) continue;
      expect([name, row.split(" | ")[1]]).toEqual([name, fallback]);
    }
    for (const { variable, standard } of Object.values(portVariables)) {
      expect([variable, rows.includes(String(standard))]).toEqual([variable, true]);
    }
  });

  test("names the parts of the tests that there are", () => {
    const named = /parts of it: (.*)/.exec(section("Testing"))?.[1]?.split(", ");
    expect(named).toEqual(testParts("results").map(({ name }) => name));
  });
});
