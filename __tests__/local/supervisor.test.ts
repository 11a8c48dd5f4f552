import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning, lookUp } from "../../scripts/process/table.mjs";
import { until } from "../../scripts/process/wait.mjs";
import { Terminal } from "../../scripts/terminal.mjs";
import { temporaryFolder } from "../support/part";
import type { Supervisor } from "../../scripts/launch/supervisor.mjs";
import type { Service } from "../../scripts/platform/service.mjs";

const folder = temporaryFolder();
process.env.PORTA_HOME = folder.path; // read when scripts/paths.mjs is loaded: nothing that is imported above may load it
afterAll(() => folder.remove());

/** A terminal whose lines can be read. */
class Paper extends Terminal {
  text = "";
  override line(text = ""): void {
    this.text += `${text}\n`;
  }
}

function service(name: string, script: string): Service {
  return {
    child: { name, command: "/bin/sh", args: ["-c", script], log: join(folder.path, "log", `${name}.log`) },
    isReady: () => Promise.resolve(true),
  };
}

interface Supervised {
  supervisor: Supervisor;
  paper: Paper;
  givenUp: Promise<Error>;
}

async function supervise(): Promise<Supervised> {
  const { home } = await import("../../scripts/paths.mjs");
  expect(home).toBe(folder.path); // never what runs from this checkout
  const { Supervisor } = await import("../../scripts/launch/supervisor.mjs");
  const { RunState } = await import("../../scripts/launch/state.mjs");
  const paper = new Paper();
  let giveUp: (error: Error) => void = () => undefined;
  const givenUp = new Promise<Error>((resolve) => (giveUp = resolve));
  const supervisor = new Supervisor({ state: new RunState("http://localhost:1"), terminal: paper, onGivenUp: (error) => giveUp(error) });
  return { supervisor, paper, givenUp };
}

describe("a part that dies", () => {
  test("again and again before the platform was ready is given up, with its own last words, after longer and longer pauses", async () => {
    const { supervisor, paper, givenUp } = await supervise();
    await supervisor.start(service("unlucky", "echo out of luck; sleep 0.2; exit 3"));
    const error = await givenUp;
    expect(error.message).toMatch(/unlucky: ended with exit code 3[^]*out of luck[^]*6th time in a row/);
    expect([...paper.text.matchAll(/Started again in (\S+) s/g)].map(([, pause]) => pause)).toEqual(["0.5", "1.0", "2.0", "4.0", "8.0"]);
    await supervisor.stop();
  }, 120_000);

  test("again and again once the platform was ready is started again for ever, and then told in a line", async () => {
    const { supervisor, paper, givenUp } = await supervise();
    await supervisor.start(service("unlucky", "echo out of luck; sleep 0.2; exit 3"));
    supervisor.established();
    let ended = false;
    void givenUp.then(() => (ended = true));
    await until(() => paper.text.includes("7 times in a row"), { what: "the part has ended seven times", timeout: 120_000 });
    expect(ended).toBe(false);
    expect(paper.text.match(/out of luck/g)).toHaveLength(5);
    expect(paper.text).toMatch(/unlucky: ended with exit code 3\. Its log: \S+unlucky\.log\s+That is 7 times in a row; it is tried on\.\s+Started again in 15\.0 s/);
    await supervisor.stop();
  }, 180_000);

  test("and cannot even be started for a while, since its log cannot be written, is back when it can", async () => {
    const { supervisor, paper, givenUp } = await supervise();
    const part = service("homeless", "echo here; while [ ! -e gone ]; do sleep 0.1; done");
    const own = join(folder.path, "own");
    await supervisor.start({ ...part, child: { ...part.child, cwd: folder.path, log: join(own, "log", "homeless.log") } });
    supervisor.established();
    let ended = false;
    void givenUp.then(() => (ended = true));
    rmSync(own, { recursive: true });
    writeFileSync(own, "a file where its folder has to be");
    writeFileSync(join(folder.path, "gone"), "");
    await until(() => paper.text.includes("ENOTDIR"), { what: "it is told that the log cannot be written" });
    rmSync(own);
    rmSync(join(folder.path, "gone"));
    await until(() => paper.text.includes("homeless is back"), { what: "it is back" });
    expect(ended).toBe(false);
    await supervisor.stop();
  }, 120_000);

  test("takes with it what it had started, before it is started again", async () => {
    const { supervisor, paper } = await supervise();
    await supervisor.start(service("parent", 'sleep 600 & echo "$!"; sleep 0.5; kill -9 $$'));
    await until(() => paper.text.includes("Started again"), { what: "the part is started again" });
    const orphan = Number(/Its last lines[^\n]*\n\s*(\d+)/.exec(paper.text)?.[1]);
    expect(orphan).toBeGreaterThan(1);
    expect(lookUp(orphan)?.zombie ?? true).toBe(true);
    await supervisor.stop();
  }, 60_000);

  test("ignores being asked to end is killed, with all that it started, and the order is kept", async () => {
    const { supervisor } = await supervise();
    await supervisor.start(service("first", "sleep 600 & wait"));
    await supervisor.start(service("stubborn", "trap '' TERM; while true; do sleep 0.2; done"));
    const children = supervisor.state.all;
    expect(children).toHaveLength(2);
    await supervisor.stop();
    expect(children.filter(isRunning)).toEqual([]);
  }, 60_000);
});
