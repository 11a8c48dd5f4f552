import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, readConfig, type Environment } from "../../services/frontend/src/config";

function faults(env: Environment): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test("an empty environment is the configuration of npm start: everything on this machine", () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    metricsPort: 9464,
    scheduler: { host: "localhost", port: 8786 },
    redis: { host: "localhost", port: 6379, tls: false, db: 0 },
    maxSteps: 1_000_000,
    maxRuns: 100_000,
    maxEnsembleSteps: 10_000_000_000,
    holdMs: 25_000,
    drainMs: 3_000,
    logLevel: "info",
  });
  expect(config.dispatchUrl.href).toBe("http://localhost:8788/");
});

test("an empty variable counts as unset", () => {
  expect(readConfig({ PORT: "", REDIS_ADDR: "", REDIS_PASSWORD: "" })).toEqual(readConfig({}));
});

test.each([
  ["scheduler", "dask-scheduler", "http://dask-scheduler:8788/"],
  ["scheduler:9000", "scheduler:9000", "http://scheduler:8788/"],
  ["tcp://10.0.0.1:8786", "tcp", "http://10.0.0.1:8788/"],
  ["[::1]:8786", "v6", "http://[::1]:8788/"],
])("dispatch is derived from DASK_SCHEDULER=%s", (address, _, url) => {
  expect(readConfig({ DASK_SCHEDULER: address }).dispatchUrl.href).toBe(url.replace("dask-scheduler", "scheduler"));
});

test("DISPATCH_URL goes before what is derived, and a scheduler that was not named is not asked", () => {
  const config = readConfig({ DISPATCH_URL: "http://elsewhere:9999" });
  expect(config.dispatchUrl.href).toBe("http://elsewhere:9999/");
  expect(config.scheduler).toBeNull();
  expect(readConfig({ DISPATCH_URL: "http://elsewhere:9999", DASK_SCHEDULER: "s" }).scheduler).toEqual({ host: "s", port: 8786 });
});

test.each([
  ["redis", { host: "redis", port: 6379, tls: false, db: 0 }],
  ["redis:7000", { host: "redis", port: 7000, tls: false, db: 0 }],
  ["[::1]:7000", { host: "::1", port: 7000, tls: false, db: 0 }],
  ["redis://redis", { host: "redis", port: 6379, tls: false, db: 0 }],
  ["rediss://u:p%40ss@redis:7000/3", { host: "redis", port: 7000, tls: true, db: 3, username: "u", password: "p@ss" }],
])("REDIS_ADDR may be %s", (address, expected) => {
  expect(readConfig({ REDIS_ADDR: address }).redis).toEqual(expected);
});

test("the password of the cache may come from a file, without its last line break", () => {
  const folder = mkdtempSync(join(tmpdir(), "porta-config-"));
  try {
    const file = join(folder, "password");
    writeFileSync(file, "s3cret\n");
    const { redis } = readConfig({ REDIS_USERNAME: "frontend", REDIS_PASSWORD_FILE: file });
    expect(redis).toMatchObject({ username: "frontend", password: "s3cret" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("everything that is wrong is said at once, with variable, value and what is allowed", () => {
  const wrong = faults({ PORT: "99999", MAX_STEPS: "1e6", LOG_LEVEL: "loud", DASK_SCHEDULER: "tls://x", DISPATCH_URL: "ftp://x" });
  expect(wrong).toHaveLength(5);
  expect(wrong.join("\n")).toContain('PORT="99999": allowed is a whole number from 0 to 65535; or unset for 8080.');
  for (const name of ["MAX_STEPS", "LOG_LEVEL", "DASK_SCHEDULER", "DISPATCH_URL"]) {
    expect(wrong.some((fault) => fault.startsWith(`${name}=`))).toBe(true);
  }
});

test.each(["0", "10000000", "-1", "1.5", "0x10", " 5", "", "1_000", "1e3"].filter(Boolean))("MAX_STEPS=%s is refused", (value) => {
  expect(faults({ MAX_STEPS: value })).toHaveLength(1);
});

test.each(["0", "1000000", "-1", "1.5", "1e3", "many"])("MAX_RUNS=%s is refused", (value) => {
  expect(faults({ MAX_RUNS: value })).toEqual([
    `MAX_RUNS=${JSON.stringify(value)}: allowed is a whole number from 1 to 999999; or unset for 100000.`,
  ]);
});

test.each(["0", "1000000000001", "-1", "1e10", "∞"])("MAX_ENSEMBLE_STEPS=%s is refused", (value) => {
  expect(faults({ MAX_ENSEMBLE_STEPS: value })).toEqual([
    `MAX_ENSEMBLE_STEPS=${JSON.stringify(value)}: allowed is a whole number from 1 to 1000000000000; or unset for 10000000000.`,
  ]);
});

test.each(["redis://redis:6379/x", "http://redis", "redis://", "redis:0", "redis:99999", "a b", "redis://u:%zz@h"])(
  "REDIS_ADDR=%s is refused",
  (value) => {
    expect(faults({ REDIS_ADDR: value })).toHaveLength(1);
  },
);

test("no error shows a secret", () => {
  for (const address of ["redis://user:hunter2@redis:6379/x", "user:hunter2@redis", "redis://:hunter2/@x@redis/9999"]) {
    const [fault] = faults({ REDIS_ADDR: address });
    expect(fault).toContain("REDIS_ADDR=");
    expect(fault).not.toContain("hunter2");
  }
  expect(faults({ REDIS_PASSWORD: "hunter2", REDIS_PASSWORD_FILE: "/nowhere" }).join()).not.toContain("hunter2");
});

test("a password that is given twice is refused, not chosen between", () => {
  expect(faults({ REDIS_PASSWORD: "a", REDIS_ADDR: "redis://:b@redis" })).toEqual([
    "REDIS_PASSWORD and REDIS_ADDR: the password of the cache may be given once.",
  ]);
});

test("a password file that cannot be read is named", () => {
  expect(faults({ REDIS_PASSWORD_FILE: "/nowhere/at/all" })[0]).toContain('REDIS_PASSWORD_FILE="/nowhere/at/all"');
});

interface Row {
  readonly env: Record<string, string>;
  readonly is?: Record<string, unknown>;
  readonly refused?: readonly string[];
}

const rows = JSON.parse(readFileSync(join(__dirname, "../../services/propagation/tests/golden/redis-settings.json"), "utf8")) as Row[];

test.each(rows)("the cache's settings mean what they mean to workers and notebooks: $env", ({ env, is, refused }) => {
  if (is) {
    expect({ username: null, password: null, ...readConfig(env).redis }).toEqual(is);
  } else {
    const [fault, ...more] = faults(env);
    expect(more).toEqual([]);
    for (const name of refused as readonly string[]) expect(fault).toContain(name);
  }
});
