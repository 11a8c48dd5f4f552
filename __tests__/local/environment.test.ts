import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { propagation, python, root } from "../../scripts/paths.mjs";
import { environmentFor, withoutProxy } from "../../scripts/process/environment.mjs";
import { SETTINGS } from "../../services/frontend/src/settings";
import { freePort } from "../support";
import { temporaryFolder } from "../support/part";
import { moduleAt } from "./support/awkward";
import { Launcher, START_MS } from "./launcher";

const folder = temporaryFolder();
afterAll(() => folder.remove());

function write(name: string, text: string): string {
  const file = join(folder.path, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe("npm start in an environment that is made for other programs", () => {
  let porta: Launcher;
  let deadProxy: string;

  beforeAll(async () => {
    deadProxy = `http://127.0.0.1:${await freePort()}`;
    const broken = join(write("python/numpy/__init__.py", "raise ImportError('the numpy of another program')"), "../..");
    write("python/sitecustomize.py", "raise SystemExit('the sitecustomize of another program')");
    // Whatever Node runs it ends the frontend, and leaves npm alone.
    const script = write("script.cjs", 'if ((process.argv[1] ?? "").endsWith("server.js")) process.exit(9);');
    const hostile = {
      PYTHONPATH: broken,
      PYTHONHOME: folder.path,
      PYTHONSTARTUP: write("startup.py", "raise SystemExit('the startup file of another program')"),
      PYTHONWARNINGS: "error",
      PYTHONOPTIMIZE: "2",
      PYTHONIOENCODING: "ascii",
      PYTHONSAFEPATH: "1",
      VIRTUAL_ENV: folder.path,
      PIP_USER: "1",
      PIP_TARGET: folder.path,
      UV_OFFLINE: "1",
      UV_PYTHON: "/nowhere/python",
      NODE_OPTIONS: `--require=${script}`,
      NODE_PATH: folder.path,
      NODE_ENV: "development",
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: deadProxy,
      http_proxy: deadProxy,
      HTTPS_PROXY: deadProxy,
      ALL_PROXY: deadProxy,
      NO_PROXY: "intranet.example",
      no_proxy: undefined, // npm test gives one to its parts
      DASK_SCHEDULER_ADDRESS: "tcp://127.0.0.1:1",
      DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION: "True",
      JUPYTER_TOKEN: "guessable",
      JUPYTER_PORT: "tcp://127.0.0.1:1",
      JUPYTERLAB_DIR: "/nowhere",
      JUPYTERLAB_SETTINGS_DIR: "/nowhere",
      IPYTHONDIR: "/nowhere",
      MPLBACKEND: "TkAgg",
      NUMBA_DISABLE_JIT: "1",
      NUMBA_CACHE_DIR: "/nowhere",
      REDIS_PASSWORD: "of another Redis",
      REDISCLI_AUTH: "of another Redis",
      LD_LIBRARY_PATH: folder.path,
      MALLOC_PERTURB_: "7",
    };
    porta = await Launcher.type(hostile, undefined, root, ["--jupyter"]);
    await porta.ready();
  }, START_MS);
  afterAll(() => porta?.stop());

  test("becomes ready, and computes what it computes anywhere", async () => {
    const response = await fetch(`${porta.url}/propagation/500/summary`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ verdict: { trusted1: 16, trusted5: 470 } });
  });

  test("a notebook reaches this machine directly, and the internet through the user's proxy", () => {
    const [, address = "", token = ""] = /(http:\/\/\S+)\/lab\?token=(\w+)/.exec(porta.output) ?? [];
    const code = [
      "import os, urllib.request, numpy, requests",
      `print(urllib.request.urlopen("http://localhost:${porta.ports.frontend}/health/ready").status)`,
      `print(requests.get("http://127.0.0.1:${porta.ports.frontend}/health/ready").status_code)`,
      'print(os.environ["HTTPS_PROXY"], os.environ["NO_PROXY"], "PYTHONPATH" in os.environ)',
    ].join("\n");
    const said = execFileSync(python, ["-I", join(__dirname, "kernel.py"), address, token, code], { encoding: "utf8" });
    expect(said).toBe(`200\n200\n${deadProxy} intranet.example,localhost,127.0.0.1,::1 False\n`);
  }, 120_000);
});

describe("the environment of a process of ours", () => {
  test("has every setting that the README names for the frontend", () => {
    const given = ["host", "port", "metricsPort", "scheduler", "dispatchUrl", "redis"]; // by the launcher, to each part
    const names = Object.entries(SETTINGS).flatMap(([key, { name }]) => (given.includes(key) ? [] : [name]));
    expect(Object.keys(environmentFor("frontend", Object.fromEntries(names.map((name) => [name, "1"]))))).toEqual(expect.arrayContaining(names));
  });

  test("has every setting that dispatch and the workers read", () => {
    const source = readFileSync(join(propagation, "src/porta/config.py"), "utf8");
    const names = [...source.matchAll(/^``([A-Z_]+)``/gm)].map(([, name]) => name ?? "");
    const given = ["REDIS_ADDR", "PORTA_DISPATCH_HOST", "PORTA_DISPATCH_PORT"];
    const env = Object.fromEntries(names.map((name) => [name, "1"]));
    const kept = [...Object.keys(environmentFor("scheduler", env)), ...Object.keys(environmentFor("workers", env))];
    expect(names.length).toBeGreaterThan(8);
    expect(kept).toEqual(expect.arrayContaining(names.filter((name) => !given.includes(name))));
  });

  test("has registries and proxies where packages are installed, and there only", () => {
    const given = { PIP_INDEX_URL: "a", UV_DEFAULT_INDEX: "b", npm_config_registry: "c", NPM_CONFIG_CAFILE: "d", HTTPS_PROXY: "e" };
    expect(environmentFor("installer", given)).toMatchObject(given);
    expect(Object.keys(environmentFor("scheduler", given)).filter((name) => name in given)).toEqual([]);
  });

  test("never has what changes how or where packages are installed", () => {
    const given = { PIP_TARGET: "a", PIP_NO_BINARY: ":all:", UV_OFFLINE: "1", UV_TARGET: "b", npm_config_omit: "dev", npm_config_prefix: "c", NODE_ENV: "production" };
    expect(Object.keys(environmentFor("installer", { ...given, PIP_USER: "1" })).filter((name) => name in given)).toEqual([]);
    expect(environmentFor("installer", { PIP_USER: "1", npm_config_dry_run: "true" })).toMatchObject({ PIP_USER: "0", npm_config_dry_run: "false" });
  });

  test.each([
    [{}, "localhost,127.0.0.1,::1"],
    [{ NO_PROXY: "a.example, b.example" }, "a.example,b.example,localhost,127.0.0.1,::1"],
    [{ no_proxy: "localhost", NO_PROXY: "a.example" }, "localhost,a.example,127.0.0.1,::1"],
    [{ NO_PROXY: "*" }, "*"],
  ])("excepts loopback from the proxy: %j", (given, expected) => {
    expect(withoutProxy(given)).toEqual({ NO_PROXY: expected, no_proxy: expected });
  });

  test("keeps LD_LIBRARY_PATH only for a program that does not start without it", () => {
    const code = `import(${moduleAt(root, "scripts/process/child.mjs")}).then(async ({ Child }) => {
      const child = new Child({ name: "child", command: process.argv[1], args: ["-c", "echo $LD_LIBRARY_PATH"], log: process.argv[2] });
      await child.ended;
      process.stdout.write(child.tail());
    });`;
    // As the loader ends a program whose library it does not find.
    const needy = write("needy", '#!/bin/sh\n[ -n "$LD_LIBRARY_PATH" ] || exit 127\nexec /bin/sh "$@"\n');
    execFileSync("chmod", ["755", needy]);
    const run = (command: string): string =>
      execFileSync(process.execPath, ["-e", code, command, join(folder.path, "child.log")], { encoding: "utf8", env: { ...process.env, LD_LIBRARY_PATH: "/mine" } });
    expect(run("/bin/bash")).toBe("");
    expect(run(needy)).toBe("/mine");
  });
});
