import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readRange } from "../../../services/frontend/src/sending/range";
import { startValkey, type Valkey } from "../../support";
import { temporaryFolder } from "../../support/part";
import { fill } from "../support/fill";
import { ask, type Answer } from "../support/http";
import { cacheEnv, startService, type Service } from "../support/service";

const run = promisify(execFile);

const PATHS = [
  ...["data.json", "data.js", "data.arrow", "overview", "summary"].map((name) => `/propagation/40000/${name}?seed=7`),
  "/propagation/40000/overview?seed=7&from=0&to=100",
  ...["data.json", "data.arrow", "overview", "summary"].map((name) => `/ensemble/300/40/${name}`),
];
const ENCODINGS = ["gzip", "identity"];

let valkey: Valkey;
/** One that holds bodies in memory, and one that holds none, so that it sends large ones chunk by chunk. */
let services: Service[];

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, "propagation/40000?seed=7", "ensemble/300/40");
  services = [await startService(cacheEnv(valkey)), await startService({ ...cacheEnv(valkey), MEMORY_CACHE_BYTES: "0" })];
}, 240_000);

afterAll(async () => {
  for (const service of services ?? []) await service.close();
  await valkey?.stop();
});

/** Asks for part of a body. */
function part(service: Service, path: string, range: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(service.url + path, { headers: { "accept-encoding": "identity", range, ...headers } });
}

test.each(PATHS)("ranges of %s are those bytes of the body, in both encodings, from memory and from Redis", async (path) => {
  for (const service of services) {
    for (const encoding of ENCODINGS) {
      const { body, headers } = await ask(service.url + path, { headers: { "accept-encoding": encoding } });
      expect(headers["accept-ranges"]).toBe("bytes");
      const { length } = body;
      const spans: [string, number, number][] = [
        ["0-0", 0, 1],
        ["0-", 0, length],
        [`0-${length - 2}`, 0, length - 1],
        [`${length - 1}-`, length - 1, length],
        ["-7", length - 7, length],
        [`-${length + 1}`, 0, length],
        [`${length >> 1}-${(length >> 1) + 9}`, length >> 1, (length >> 1) + 10],
        [`${(length >> 1) + 1}-99999999999999999999`, (length >> 1) + 1, length],
      ];
      for (const [range, from, to] of spans) {
        const answer = await part(service, path, `bytes=${range}`, { "accept-encoding": encoding });
        const whole = from === 0 && to === length;
        expect([range, answer.status, answer.headers["content-range"]]).toEqual(
          whole ? [range, 200, undefined] : [range, 206, `bytes ${from}-${to - 1}/${length}`],
        );
        expect(answer.headers["content-length"]).toBe(String(to - from));
        expect(answer.body.equals(body.subarray(from, to))).toBe(true);
        for (const name of ["etag", "content-type", "content-encoding", "content-disposition", "vary", "cache-control"]) {
          expect([name, answer.headers[name]]).toEqual([name, headers[name]]);
        }
      }
    }
  }
});

test("a range is served only of the very bytes that If-Range names; else the whole body comes", async () => {
  const path = PATHS[0] as string;
  for (const service of services) {
    const { headers, body } = await ask(service.url + path);
    const { etag = "" } = headers;
    const packed = (await ask(service.url + path, { headers: { "accept-encoding": "gzip" } })).headers.etag as string;
    expect((await part(service, path, "bytes=5-", { "if-range": etag })).status).toBe(206);
    for (const other of ['"other"', `W/${etag}`, packed, new Date().toUTCString()]) {
      const answer = await part(service, path, "bytes=5-", { "if-range": other });
      expect([other, answer.status, answer.body.length]).toEqual([other, 200, body.length]);
    }
    expect((await part(service, path, "bytes=5-", { "if-none-match": etag })).status).toBe(304);
  }
});

test("a range beyond the end is 416, and told the length; pages of other origins may read that", async () => {
  for (const service of services) {
    for (const path of [PATHS[0] as string, PATHS[4] as string]) {
      const { length } = (await ask(service.url + path)).body;
      for (const range of [`bytes=${length}-`, `bytes=${length + 5}-${length + 9}`, "bytes=-0"]) {
        const answer = await part(service, path, range);
        expect([range, answer.status, answer.headers["content-range"]]).toEqual([range, 416, `bytes */${length}`]);
        expect(answer.json()).toMatchObject({ status: 416, value: range.slice(0, 32) });
        expect(answer.headers["access-control-allow-origin"]).toBe(path.includes("/data.") ? "*" : undefined);
      }
    }
  }
});

test.each(["bytes=0-1,5-6", "bytes=5-2", "bytes=a-b", "bytes=--5", "bytes=", "bytes=-", "lines=0-5", "0-5", "bytes 0-5"])(
  "the range %p is not served in part: the whole body comes",
  async (range) => {
    for (const service of services) {
      const answer = await part(service, PATHS[0] as string, range);
      expect([answer.status, answer.headers["content-range"]]).toEqual([200, undefined]);
    }
  },
);

test("HEAD knows no ranges", async () => {
  for (const service of services) {
    const { headers, body } = await ask(service.url + (PATHS[0] as string));
    const answer = await ask(service.url + (PATHS[0] as string), { method: "HEAD", headers: { range: "bytes=0-5" } });
    expect([answer.status, answer.headers["content-length"]]).toEqual([200, String(body.length)]);
    expect({ ...answer.headers, date: "" }).toEqual({ ...headers, date: "" });
  }
});

test("a range of a large body reads only the chunks that it touches", async () => {
  const service = services[1] as Service;
  const chunk = jest.spyOn(service.services.store, "chunk");
  const path = PATHS[0] as string;
  const { length } = (await ask(service.url + path)).body;
  chunk.mockClear();
  expect((await part(service, path, `bytes=${length - 20_000}-${length - 10_000}`)).status).toBe(206);
  // The first one tells whether the result is there; the last one of three has the range.
  expect(chunk.mock.calls.map(([, , , index]) => index)).toEqual([0, 2]);
  chunk.mockRestore();
});

test.each([
  ["curl", (url: string, file: string) => ["-sS", "-f", "-C", "-", "-o", file, url]],
  ["wget", (url: string, file: string) => ["-q", "-c", "-O", file, url]],
] as const)("%s goes on with a download that broke off", async (program, command) => {
  if (!(await isThere(program))) return console.warn(`${program} is not installed, so this is not tried with it.`);
  const folder = temporaryFolder();
  try {
    for (const [index, service] of services.entries()) {
      const url = service.url + (PATHS[0] as string);
      const { body } = await ask(url);
      const file = join(folder.path, `data-${index}.json`);
      writeFileSync(file, body.subarray(0, body.length / 3));
      await run(program, command(url, file));
      expect(readFileSync(file).equals(body)).toBe(true);
    }
  } finally {
    folder.remove();
  }
});

async function isThere(program: string): Promise<boolean> {
  return run(program, ["--version"]).then(() => true, () => false);
}

test.each([
  [undefined, { from: 0, to: 10 }],
  ["bytes=2-4", { from: 2, to: 5 }],
  ["BYTES=2-4", { from: 2, to: 5 }],
  ["bytes=9-", { from: 9, to: 10 }],
  ["bytes=-3", { from: 7, to: 10 }],
  ["bytes=10-", null],
  ["bytes=-0", null],
])("of ten bytes, %p means %p", (header, span) => {
  expect(readRange(header, 10)).toEqual(span);
});
