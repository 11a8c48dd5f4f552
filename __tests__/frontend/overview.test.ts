import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { python } from "../../scripts/paths.mjs";
import { emit, merge, parse } from "../../services/frontend/src/overview/rows";
import { startValkey, type Valkey } from "../support";
import { commandCounts, fill } from "./support/fill";
import { ask } from "./support/http";
import { cacheEnv, startService, type Service } from "./support/service";

const folder = join(__dirname, "../../services/propagation/tests/golden/overview");
const vectors = readdirSync(folder).filter((name) => name.endsWith(".bin"));

let valkey: Valkey;
let service: Service;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, "propagation/1", "propagation/2000?seed=7", "propagation/40000?seed=7");
  service = await startService(cacheEnv(valkey));
}, 240_000);

afterAll(async () => {
  await service?.close();
  await valkey?.stop();
});

/** `seed7-steps40000-from0-to3.bin` as the URL that it is the answer of. */
function pathOf(name: string): string {
  const [seed, steps, from, to] = ["seed", "steps", "from", "to"].map((key) => new RegExp(`${key}([0-9]+)`).exec(name)?.[1]);
  return `/propagation/${steps}/overview?seed=${seed}${from === undefined ? "" : `&from=${from}&to=${to}`}`;
}

test.each(vectors)("the overview %s has the bytes that the Python package computes", async (name) => {
  const { status, body } = await ask(service.url + pathOf(name), { headers: { "accept-encoding": "gzip" } });
  expect(status).toBe(200);
  expect(gunzipSync(body).equals(readFileSync(join(folder, name)))).toBe(true);
});

test("rows merged above the greatest stored level have the bytes that the Python package computes", () => {
  const rows = readFileSync(join(folder, "seed7-steps40000.bin")).subarray(80);
  const code =
    "import sys; from porta.windows import merge_rows; sys.stdout.buffer.write(merge_rows(sys.stdin.buffer.read(), 16))";
  const expected = execFileSync(python, ["-c", code], { input: rows, maxBuffer: 1024 * 1024 });
  expect(emit(merge(parse(emit(merge(parse(rows)))))).equals(expected)).toBe(true);
});

test("a detail that was asked for once is answered from memory, also for a range with the same windows", async () => {
  const headers = { "accept-encoding": "gzip" };
  await ask(`${service.url}/propagation/40000/overview?seed=7&from=20001&to=29999`, { headers });
  const held = service.services.memory.count;
  const before = await commandCounts(valkey);
  const again = await ask(`${service.url}/propagation/40000/overview?seed=7&from=20002&to=29998`, { headers });
  expect(again.headers["x-cache"]).toBe("hit");
  expect((await commandCounts(valkey))["hmget"]).toBe(before["hmget"]);
  expect(service.services.memory.count).toBe(held);
});

test("a range that covers the run is the overview itself", async () => {
  const headers = { "accept-encoding": "gzip" };
  const whole = await ask(`${service.url}/propagation/2000/overview?seed=7`, { headers });
  const range = await ask(`${service.url}/propagation/2000/overview?seed=7&from=0&to=2000`, { headers });
  expect(range.body.equals(whole.body)).toBe(true);
  expect(range.headers.etag).toBe(whole.headers.etag);
});
