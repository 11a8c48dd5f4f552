import { root } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { endCommands } from "../setup/command.mjs";
import { Terminal } from "../terminal.mjs";
import { run } from "./run.mjs";

const terminal = new Terminal();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => void endCommands().then(() => process.exit(1)));
}
try {
  await run(process.argv.slice(2), { root, env: process.env, terminal });
} catch (error) {
  terminal.problem(error instanceof Problem ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
