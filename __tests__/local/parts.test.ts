import { execFileSync } from "node:child_process";
import { startValkey, type Valkey } from "../support";

let valkey: Valkey;
beforeAll(async () => {
  valkey = await startValkey();
});
afterAll(() => valkey.stop());

/** As a person would type it. */
function redisCli(...args: string[]): string {
  return execFileSync("redis-cli", ["-p", String(valkey.port), ...args], { encoding: "utf8" }).trim();
}

describe("Redis on one machine", () => {
  test("lets whoever is on this machine look at results, without a password", () => {
    expect(redisCli("HGET", "propagation/500", "summary")).toBe("");
  });
});
