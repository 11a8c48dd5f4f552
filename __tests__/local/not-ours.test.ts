import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileProblem } from "../../scripts/file-problem.mjs";
import { root } from "../../scripts/paths.mjs";
import { temporaryFolder } from "../support/part";

const folder = temporaryFolder();
afterAll(() => {
  execFileSync("chmod", ["-R", "u+rwX", folder.path]);
  folder.remove();
});

const asRoot = process.getuid?.() === 0;
/** Root may write everywhere; without its capabilities it is a user like any other. */
const likeAnyUser = asRoot ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];

/** Runs Node as a user who may not write everywhere. */
function node(args: string[], env: NodeJS.ProcessEnv = {}, cwd = root): { code: number | null; said: string } {
  const [command = "", ...rest] = [...likeAnyUser, process.execPath, ...args];
  const elsewhere = { REDIS_ADDR: "127.0.0.1:1", DASK_SCHEDULER: "127.0.0.1:1", PORT: "28080", METRICS_PORT: "29464" };
  const { status, stdout, stderr } = spawnSync(command, rest, { cwd, env: { ...process.env, ...elsewhere, ...env }, encoding: "utf8", timeout: 60_000 });
  return { code: status, said: stdout + stderr };
}

/** A folder of another user. */
function foreign(name: string): string {
  if (!asRoot) return join("/usr", name);
  const path = join(folder.path, name);
  mkdirSync(path);
  chownSync(path, 65_534, 65_534);
  return path;
}

function readOnly(...names: string[]): string {
  const path = join(folder.path, ...names);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o555);
  return path;
}

function file(name: string): string {
  writeFileSync(join(folder.path, name), "");
  return join(folder.path, name);
}

describe("npm start", () => {
  test.each<[string, () => string, RegExp]>([
    ["belongs to another user", () => foreign("foreign"), /Porta may not use \S+: \S+ belongs to \S+, and you are \S+\.\s+Take another folder for state and logs: PORTA_HOME=\S+ npm start/],
    ["may not be written", () => readOnly("read-only"), /belongs to you, but its mode \(555\) does not let you\.[^]*chmod -R u\+rwX/],
    ["is a file", () => file("file"), /no folder\.\s+Take another folder for state and logs: PORTA_HOME=/],
    ["is below a file", () => join(file("other-file"), "porta"), /no folder\.\s+Take another folder for state and logs: PORTA_HOME=/],
  ])("with a PORTA_HOME that %s says so and what to set, in a few lines", (_, home, words) => {
    const path = home();
    for (const args of [[], ["--detach"]]) {
      const { code, said } = node(["scripts/start.mjs", ...args], { PORTA_HOME: path });
      expect(said).toMatch(words);
      expect(said).not.toMatch(/^\s+at /m);
      expect(code).toBe(1);
    }
  }, 120_000);

  test.each(["--stop", "--status"])("%s tells of a PORTA_HOME that it may not look into, instead of saying that nothing runs", (option) => {
    const hidden = join(folder.path, "hidden");
    mkdirSync(hidden, { recursive: true });
    chmodSync(hidden, 0o000);
    const { code, said } = node(["scripts/start.mjs", option], { PORTA_HOME: hidden });
    expect(said).toMatch(/Porta may not use \S+run\.json: \S+hidden belongs to you, but its mode \(0\) does not let you/);
    expect(code).toBe(1);
  });

  test("says whose the logs are that an earlier start, by another user, has left", () => {
    const log = join(folder.path, "started-by-root", "log");
    readOnly("started-by-root", "log");
    const { code, said } = node(["scripts/start.mjs"], { PORTA_HOME: join(log, "..") });
    expect(said).toMatch(/Porta may not use \S+\.log: \S+log belongs to you, but its mode \(555\) does not let you/);
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  }, 120_000);
});

describe("a checkout that the user may not write", () => {
  const checkout = join(folder.path, "checkout");
  beforeAll(() => {
    cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
    const porta = "services/propagation/src/porta";
    const tables = readdirSync(join(root, porta)).filter((name) => name.endsWith(".json"));
    for (const name of ["package.json", "package-lock.json", ...tables.map((table) => join(porta, table))]) cpSync(join(root, name), join(checkout, name));
  });

  test("and whose node_modules are stale is told before npm tries to mend them, with the way to one's own", () => {
    readOnly("checkout", "node_modules");
    const { code, said } = node(["scripts/start.mjs"], { PORTA_HOME: join(folder.path, "mine") }, checkout);
    expect(said).toMatch(/Node packages have to be installed, but Porta may not write to \S+node_modules: it belongs to you, but its mode \(555\)/);
    expect(said).toContain(`Use a checkout of your own: git clone ${checkout} ~/porta`);
    expect(said).not.toMatch(/network|^\s+at /m);
    expect(code).toBe(1);
  }, 60_000);

  test("has its compiled physics in the user's own folder, since numba refuses to read what it may not write", () => {
    const mine = join(folder.path, "mine");
    const code = 'import("./scripts/paths.mjs").then(({ numbaCache }) => console.log(numbaCache))';
    expect(node(["-e", code], { PORTA_HOME: mine }, checkout).said.trim()).toBe(join(checkout, ".venv", "numba"));
    readOnly("checkout", ".venv");
    expect(node(["-e", code], { PORTA_HOME: mine }, checkout).said.trim()).toBe(join(mine, "numba"));
  });
});

describe("a disk", () => {
  test("that is full is told, with where to make room", () => {
    let error: unknown;
    try {
      writeFileSync("/dev/full", "a device on which every write fails as on a full disk");
    } catch (thrown) {
      error = thrown; // without a path: Node does not tell that of a write
    }
    expect((fileProblem(error) as Error).message).toMatch(/ cannot be written: the disk is full, or your quota on it\.\s+Make room there \(df -h \S+\)\. Take another folder .*PORTA_HOME=/);
  });

  test("that is read-only is told, with what to set", () => {
    const error = Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS", path: "/media/cdrom/porta" });
    expect((fileProblem(error) as Error).message).toMatch(/^\/media\/cdrom\/porta cannot be written: its file system is read-only\.\s+Take another folder/);
  });

  test("leaves any other error as it is", () => {
    const error = new Error("a mistake of ours");
    expect(fileProblem(error)).toBe(error);
  });
});
