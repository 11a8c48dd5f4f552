import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { misspelt, settingsInEnvFile, settingsOfStart } from "../../scripts/setting-names.mjs";
import { temporaryFolder } from "../support/part";
import { Launcher } from "./launcher";

test("every variable in the README's table is known, so that none is taken for misspelt", () => {
  const [, table = ""] = /## Configuration\n([^]*?)\n## /.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const names = [...table.matchAll(/^\| (`[A-Z_`, ]+) \|/gm)].flatMap(([, cell = ""]) => cell.match(/[A-Z_]+/g) ?? []);
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !settingsOfStart.includes(name))).toEqual([]);
  expect(misspelt(Object.fromEntries(names.map((name) => [name, "1"])))).toEqual([]);
});

test.each([
  ["PORTA_WORKRES", " Is PORTA_WORKERS meant?"],
  ["PORTA_REDISPORT", " Is PORTA_REDIS_PORT meant?"],
  ["PORTA_COLOUR", ""],
])("%s is told, with the nearest name where one is near", (name, question) => {
  expect(misspelt({ [name]: "1", PORTABLE: "1", OTHER: "1" })).toEqual([`${name} is not a setting of Porta, and is ignored.${question}`]);
});

test("settings of npm start in .env are told, since only the stacks read it", () => {
  const folder = temporaryFolder();
  expect(settingsInEnvFile(folder.path)).toEqual([]);
  writeFileSync(join(folder.path, ".env"), "\uFEFFPORT=9000\nMAX_STEPS=7\n# PORTA_WORKERS=2\n");
  expect(settingsInEnvFile(folder.path)).toEqual(["npm start does not read .env, and so not PORT. Set it in the environment: PORT=… npm start"]);
  folder.remove();
});

test("npm start tells a misspelt setting before anything else", async () => {
  const porta = await Launcher.type({ PORTA_WORKRES: "3", PORT: "0" });
  expect(await porta.ended).toBe(1); // because of the port
  expect(porta.output).toContain("PORTA_WORKRES is not a setting of Porta, and is ignored. Is PORTA_WORKERS meant?");
  await porta.stop();
}, 60_000);
