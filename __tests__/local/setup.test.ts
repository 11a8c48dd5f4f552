import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../../scripts/paths.mjs";
import { portsToOpen, readSettings } from "../../scripts/settings.mjs";
import { nodeModulesMatch } from "../../scripts/setup/node-modules.mjs";
import { temporaryFolder } from "../support/part";
import { moduleAt } from "./support/awkward";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A program that says what a Python of that version says when it is asked what it is. */
function fakePython(name: string, version: string, venv: boolean): string {
  const bin = join(folder.path, `python-${version}-${venv}`);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\necho ${version} ${venv ? "True" : "False"}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
}

/** Calls a function of the set-up in a Node of its own, with nothing on PATH but what is named. */
function findPython(path: string[], env: NodeJS.ProcessEnv = {}, withUv = false): string {
  const code = `import(${moduleAt(root, "scripts/setup/python.mjs")})
    .then((m) => console.log(m.findPython({ withUv: ${withUv} })))
    .catch((error) => console.log(error.name, error.message));`;
  return execFileSync(process.execPath, ["-e", code], {
    encoding: "utf8",
    env: { PATH: [...path, "/bin-that-is-not-there"].join(delimiter), ...env },
  }).trim();
}

describe("Node", () => {
  test("that is too old is told so, with the version needed and where to get it", () => {
    const old = join(folder.path, "old-node.cjs");
    const start = readFileSync(join(root, "scripts", "start.mjs"), "utf8");
    writeFileSync(old, `Object.defineProperty(process, "versions", { value: { node: "18.20.4" } });\n${start}`);
    expect(() => execFileSync(process.execPath, [old], { stdio: "pipe" })).toThrow(
      /needs Node 20\.19\.0 or newer; this is Node 18\.20\.4[^]*nvm install/,
    );
  });

  test("that is too old can read the first file: nothing in it is newer than import()", () => {
    const start = readFileSync(join(root, "scripts", "start.mjs"), "utf8");
    expect(start).not.toMatch(/^import |\?\?|\?\.|await/m);
  });
});

describe("Python", () => {
  test("is the first on PATH that is new enough and can make environments", () => {
    const [tooOld, lame, good] = [
      fakePython("python3", "3.9.2", true),
      fakePython("python3.12", "3.12.1", false),
      fakePython("python3.11", "3.11.4", true),
    ];
    expect(findPython([tooOld, lame, good])).toBe("python3.11");
  });

  test("that is newer than the locked packages is taken only if there is no other", () => {
    const [tooNew, good] = [fakePython("python3", "3.15.0", true), fakePython("python3.13", "3.13.1", true)];
    expect(findPython([tooNew, good])).toBe("python3.13");
    expect(findPython([tooNew])).toBe("python3");
  });

  test("that is too old, and the only one, is told with what was found and the way out", () => {
    const said = findPython([fakePython("python3", "3.9.2", true)]);
    expect(said).toMatch(/^Problem Porta needs Python 3\.11 or newer: python3 is 3\.9\.2\./);
    expect(said).toMatch(/PORTA_PYTHON=/);
  });

  test("that is missing is told", () => {
    expect(findPython([])).toMatch(/Porta needs Python 3\.11 or newer: none is on PATH/);
  });

  test("without venv is told with the package that brings it, and is enough for uv", () => {
    const lame = fakePython("python3", "3.13.5", false);
    expect(findPython([lame])).toMatch(/its venv or ensurepip is missing[^]*sudo apt install python3\.13-venv/);
    expect(findPython([lame], {}, true)).toBe("python3");
  });

  test("named by PORTA_PYTHON is taken, or refused by name", () => {
    const good = join(fakePython("python3.11", "3.11.4", true), "python3.11");
    expect(findPython([], { PORTA_PYTHON: good })).toBe(good);
    expect(findPython([], { PORTA_PYTHON: "/nowhere/python" })).toMatch(/PORTA_PYTHON is "\/nowhere\/python", which does not run/);
  });
});

describe("node_modules", () => {
  const checkout = join(folder.path, "checkout");
  const lock = { packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0", optional: true } } };
  const installed = (version: string): void => {
    mkdirSync(join(checkout, "node_modules", "a"), { recursive: true });
    writeFileSync(join(checkout, "node_modules", "a", "package.json"), "{}");
    writeFileSync(
      join(checkout, "node_modules", ".package-lock.json"),
      JSON.stringify({ packages: { "node_modules/a": { version } } }),
    );
  };
  beforeEach(() => {
    mkdirSync(checkout, { recursive: true });
    writeFileSync(join(checkout, "package-lock.json"), JSON.stringify(lock));
  });

  test("is what the lock file says, though packages for other platforms are not there", () => {
    installed("1.0.0");
    expect(nodeModulesMatch(checkout)).toBe(true);
  });

  test("with another version is stale", () => {
    installed("1.0.1");
    expect(nodeModulesMatch(checkout)).toBe(false);
  });

  test("with a package that somebody has deleted is stale", () => {
    installed("1.0.0");
    execFileSync("rm", ["-r", join(checkout, "node_modules", "a")]);
    expect(nodeModulesMatch(checkout)).toBe(false);
  });

  test("of this checkout is what its lock file says", () => {
    expect(nodeModulesMatch()).toBe(true);
  });
});

test("the lock file has every package that another one may ask for, on any platform: npm ci takes it", () => {
  interface Entry {
    optionalDependencies?: Record<string, string>;
    dependencies?: Record<string, string>;
  }
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Entry> };
  const paths = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !paths.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

describe("the environment of npm start", () => {
  test.each([
    ["PORT", "0"],
    ["PORT", "65536"],
    ["PORT", "80a"],
    ["METRICS_PORT", "-1"],
    ["PORTA_WORKERS", "0"],
    ["PORTA_WORKERS", "two"],
    ["REDIS_MAXMEMORY", "lots"],
    ["REDIS_MAXMEMORY", "0"],
  ])("%s=%s is refused by name, with what is allowed", (variable, value) => {
    expect(() => readSettings({ [variable]: value })).toThrow(new RegExp(`^${variable} is "${value}".*allowed`));
  });

  test("two ports of one number are refused by both names", () => {
    expect(() => readSettings({ PORT: "8787" })).toThrow("PORT and PORTA_DASHBOARD_PORT are both 8787");
  });

  test("that is empty means the defaults", () => {
    const settings = readSettings({ PORT: "", REDIS_ADDR: "", DASK_SCHEDULER: "" });
    expect(settings).toMatchObject({ ports: { frontend: 8080, redis: 6379, scheduler: 8786 }, maxmemory: "1gb" });
    expect(settings.redis).toBeUndefined();
    expect(settings.scheduler).toBeUndefined();
    expect(settings.workers).toBeGreaterThanOrEqual(2);
  });

  test.each([[["--jupyter"], {}], [[], { npm_config_jupyter: "true" }]])("asks for JupyterLab with %j %j", (args, env) => {
    const settings = readSettings(env, args);
    expect(settings.jupyter).toBe(true);
    expect(portsToOpen(settings)).toContain("jupyter");
  });

  test("without --jupyter leaves its port to whoever has it", () => {
    const settings = readSettings({ PORT: "8888" });
    expect(portsToOpen(settings)).not.toContain("jupyter");
    expect(() => readSettings({ PORT: "8888" }, ["--jupyter"])).toThrow("PORT and PORTA_JUPYTER_PORT are both 8888");
  });

  test("with an argument that there is not is refused with those that there are", () => {
    expect(() => readSettings({}, ["--jupiter"])).toThrow(
      'npm start does not know "--jupiter". It takes --jupyter, --detach, --stop, --status; for example: npm start -- --jupyter',
    );
  });
});
