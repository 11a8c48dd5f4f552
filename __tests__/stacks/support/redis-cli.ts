import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What a probe asks of `redis-cli`: the image has that program, a machine that runs the tests need not. A client library does not serve here:
 * ioredis gives a connection up whose login fails, where `redis-cli` still sends the command and prints the refusal.
 */
const PROGRAM = `
import { connect } from "node:net";
import { parseArgs } from "node:util";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { user: { type: "string" }, port: { type: "string", short: "p" }, "no-auth-warning": { type: "boolean" } },
});
const commands = ["AUTH " + values.user + " " + process.env.REDISCLI_AUTH, positionals.join(" ")];
const socket = connect(Number(values.port), "127.0.0.1");
socket.once("error", (error) => {
  console.error("Could not connect to Redis:", error.message);
  process.exit(1);
});
let replies = "";
socket.on("data", (data) => {
  replies += data;
  const lines = replies.split("\\r\\n");
  if (lines.length <= commands.length) return;
  if (lines[0].startsWith("-")) console.error("AUTH failed:", lines[0].slice(1));
  console.log(lines[1].slice(1));
  socket.destroy();
});
socket.write(commands.map((command) => command + "\\r\\n").join(""));
`;

/** Makes a folder for PATH with a `redis-cli` in it. */
export function redisCliFolder(directory: string): string {
  const folder = join(directory, "redis-cli-bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "redis-cli.mjs"), PROGRAM);
  writeFileSync(join(folder, "redis-cli"), `#!/bin/sh\nexec "${process.execPath}" "${join(folder, "redis-cli.mjs")}" "$@"\n`, { mode: 0o755 });
  return folder;
}
