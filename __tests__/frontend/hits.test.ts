import { gunzipSync } from "node:zlib";
import { tableFromIPC } from "apache-arrow";
import { ENGINE } from "../../services/frontend/src/contract";
import { startValkey, until, type Valkey } from "../support";
import { follow } from "./support/events";
import { commandCounts, fill } from "./support/fill";
import { ask } from "./support/http";
import { cacheEnv, startService, type Service } from "./support/service";

const GZIP = { headers: { "accept-encoding": "gzip, deflate, br" } };
const DATA = ["data.json", "data.js", "data.arrow"];
const ALL = [...DATA, "overview", "summary"];
const ENSEMBLE = ALL.filter((name) => name !== "data.js");

/** Every product of both kinds: one that memory answers, and one with a seed. */
const SMALL = [...ALL.map((name) => `/propagation/500/${name}`), ...ENSEMBLE.map((name) => `/ensemble/300/40/${name}`)];
const SEEDED = [...ALL.map((name) => `/propagation/40000/${name}?seed=7`), ...ENSEMBLE.map((name) => `/ensemble/300/41/${name}?seed=7`)];

let valkey: Valkey;
let service: Service;
/** Holds nothing in memory, so that every body is streamed. */
let streaming: Service;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, "propagation/500", "propagation/40000?seed=7", "ensemble/300/40", "ensemble/300/41?seed=7");
  service = await startService(cacheEnv(valkey));
  streaming = await startService({ ...cacheEnv(valkey), MEMORY_CACHE_BYTES: "0" });
}, 240_000);

afterAll(async () => {
  await streaming?.close();
  await service?.close();
  await valkey?.stop();
});

test("data.json, data.js and data.arrow hold the same records", async () => {
  const body = async (name: string): Promise<Buffer> =>
    gunzipSync((await ask(`${service.url}/propagation/40000/${name}?seed=7`, GZIP)).body);
  const data = JSON.parse((await body("data.json")).toString()) as { seed: number; steps: number; records: [number | null, number, object][] };
  expect([data.seed, data.steps]).toEqual([7, 40_000]);
  const script = (await body("data.js")).toString();
  expect(script).toMatch(/^data = \[\[-Infinity,0,/);
  const records = new Function(`${script}; return data;`.replace("data =", "const data =")) as () => unknown[];
  expect(records()).toHaveLength(data.records.length);
  const table = tableFromIPC(await body("data.arrow"));
  // The initial record is one in JSON, and a row for each agent in Arrow.
  expect(table.numRows).toBe(data.records.length + 1);
  expect(table.getChild("to")?.get(table.numRows - 1)).toBe(data.records.at(-1)?.[1]);
});

test("data.json and data.arrow of an ensemble hold the same levels", async () => {
  const body = async (name: string): Promise<Buffer> => gunzipSync((await ask(`${service.url}/ensemble/300/41/${name}?seed=7`, GZIP)).body);
  type Band = Record<"runs" | "p50", number[]>;
  const data = JSON.parse((await body("data.json")).toString()) as { steps: number; runs: number; times: number[]; bands: Record<string, Band> };
  expect([data.steps, data.runs, data.times.length]).toEqual([300, 41, 256]);
  const table = tableFromIPC(await body("data.arrow"));
  for (const [quantity, { runs, p50 }] of Object.entries(data.bands)) {
    const rows = table.toArray().filter((row: { quantity: string }) => row.quantity === quantity) as { time: number; runs: number; p50: number }[];
    expect(rows.map(({ time }) => time)).toEqual(data.times);
    expect(rows.map((row) => row.runs)).toEqual(runs);
    expect(rows.map((row) => row.p50)).toEqual(p50);
  }
});

test.each(SMALL)("%s is hit, from Redis and then from memory without a command, with the same bytes", async (path) => {
  const url = service.url + path;
  const first = await ask(url, GZIP);
  const before = await commandCounts(valkey);
  const second = await ask(url, GZIP);
  const after = await commandCounts(valkey);
  expect([first.status, first.headers["x-cache"], second.headers["x-cache"]]).toEqual([200, "hit", "hit"]);
  expect(second.body.equals(first.body)).toBe(true);
  expect(after["hmget"]).toBe(before["hmget"]);
  expect({ ...second.headers, date: "" }).toEqual({ ...first.headers, date: "" });
});

test.each(SEEDED)("%s that is streamed chunk by chunk has the bytes and headers of the one in memory", async (path) => {
  const memory = await ask(`${service.url}${path}&v=${ENGINE}`, GZIP);
  const streamed = await ask(`${streaming.url}${path}&v=${ENGINE}`, GZIP);
  expect([memory.status, streamed.status]).toEqual([200, 200]);
  expect(streamed.body.equals(memory.body)).toBe(true);
  for (const header of ["etag", "content-length", "content-type", "content-encoding", "cache-control", "content-disposition"]) {
    expect([header, streamed.headers[header]]).toEqual([header, memory.headers[header]]);
  }
});

test.each(SEEDED)("who does not accept gzip gets %s unpacked, with its length", async (path) => {
  for (const base of [service.url, streaming.url]) {
    const packed = await ask(base + path, GZIP);
    const raw = packed.headers["content-encoding"] === "gzip" ? gunzipSync(packed.body) : packed.body;
    for (const accept of [undefined, "identity", "br", "gzip;q=0", "gzip;q=0.0, *;q=0.5"]) {
      const headers = accept === undefined ? {} : { "accept-encoding": accept };
      const plain = await ask(base + path, { headers });
      expect(plain.headers["content-encoding"]).toBeUndefined();
      expect(plain.headers["content-length"]).toBe(String(raw.length));
      expect(plain.body.equals(raw)).toBe(true);
    }
  }
});

test.each(["gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.5", "*", "br;q=1.0, *;q=0.1"])("Accept-Encoding: %s gets gzip", async (accept) => {
  const { headers } = await ask(`${service.url}/propagation/500/data.json`, { headers: { "accept-encoding": accept } });
  expect(headers["content-encoding"]).toBe("gzip");
  expect(headers.vary).toBe("Accept-Encoding");
});

test("each encoding has an entity tag of its own, and a body unchanged is 304", async () => {
  for (const base of [service.url, streaming.url]) {
    for (const path of SEEDED) {
      const url = base + path;
      const packed = await ask(url, GZIP);
      const plain = await ask(url);
      if (!path.includes("summary")) expect(plain.headers.etag).not.toBe(packed.headers.etag);
      for (const [tag, options] of [[packed.headers.etag, GZIP], [plain.headers.etag, { headers: {} }]] as const) {
        for (const value of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
          const answer = await ask(url, { headers: { ...options.headers, "if-none-match": value } });
          expect([path, value, answer.status, answer.body.length]).toEqual([path, value, 304, 0]);
          expect(answer.headers.etag).toBe(tag);
        }
      }
      expect((await ask(url, { headers: { ...GZIP.headers, "if-none-match": '"other"' } })).status).toBe(200);
    }
  }
});

test.each(["/propagation/500", "/ensemble/300/40"])("only a URL of %s that names the current engine may be kept for ever", async (path) => {
  const control = async (query: string): Promise<string | undefined> =>
    (await ask(`${service.url}${path}/summary${query}`, GZIP)).headers["cache-control"];
  expect(await control(`?v=${ENGINE}`)).toBe("public, max-age=31536000, immutable");
  expect(await control("")).toBe("no-cache");
  expect(await control(`?v=${ENGINE + 1}`)).toBe("no-cache");
  expect(await control("?v=0")).toBe("no-cache");
});

test.each(SEEDED)("HEAD %s has the headers of GET and no body", async (path) => {
  for (const base of [service.url, streaming.url]) {
    const url = base + path;
    const expected = (await ask(url, GZIP)).headers;
    const answer = await ask(url, { method: "HEAD", ...GZIP });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect({ ...answer.headers, date: "" }).toEqual({ ...expected, date: "" });
  }
});

test.each(["/propagation/12345", "/ensemble/300/42"])("HEAD on %s, which is not there, is 404 and has nothing computed", async (path) => {
  const answer = await ask(`${service.url}${path}/data.json`, { method: "HEAD" });
  expect([answer.status, answer.headers["x-cache"]]).toEqual([404, "miss"]);
  expect(service.services.flights.count).toBe(0);
});

test.each(SMALL)("%s with foreign names in its query is the same hit: same entity tag, same lifetime, no other entry in memory", async (path) => {
  const plain = await ask(`${service.url}${path}`, GZIP);
  const { count } = service.services.memory;
  for (const foreign of ["_=1732900000000", "&_=1&_=2", "utm_source=x&fbclid=y", "1732900000000"]) {
    const answer = await ask(`${service.url}${path}?${foreign}`, GZIP);
    expect([answer.status, answer.headers["x-cache"], answer.headers.etag]).toEqual([200, "hit", plain.headers.etag]);
    expect(answer.headers["cache-control"]).toBe("no-cache");
    const kept = await ask(`${service.url}${path}?v=${ENGINE}&${foreign}`, GZIP);
    expect(kept.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const headers = { ...GZIP.headers, "if-none-match": plain.headers.etag };
    expect((await ask(`${service.url}${path}?${foreign}`, { headers })).status).toBe(304);
  }
  expect(service.services.memory.count).toBe(count);
});

test("data may be read by pages of other origins, the rest not", async () => {
  for (const path of SMALL) {
    const { headers } = await ask(service.url + path, GZIP);
    const shared = path.includes("/data.");
    expect([path, headers["access-control-allow-origin"]]).toEqual([path, shared ? "*" : undefined]);
    expect(headers["cross-origin-resource-policy"]).toBe(shared ? "cross-origin" : "same-origin");
  }
});

test("pages of other origins may read why there is no data, and when to come again", async () => {
  for (const [path, status] of [["/propagation/0/data.json", 400], ["/ensemble/300/0/data.arrow", 400], ["/propagation/501/data.json", 503]] as const) {
    const answer = await ask(service.url + path);
    expect([path, answer.status, answer.headers["access-control-allow-origin"]]).toEqual([path, status, "*"]);
    expect(answer.headers["access-control-expose-headers"]?.toString().split(", ")).toEqual(
      expect.arrayContaining(["Accept-Ranges", "Content-Disposition", "Content-Encoding", "Content-Range", "ETag", "Link", "Retry-After", "X-Cache"]),
    );
  }
});

test("while as many large bodies are sent as may be, the next waits in line; who wants no body is answered at once", async () => {
  const path = "/propagation/40000/data.arrow?seed=7";
  const { etag } = (await ask(streaming.url + path, GZIP)).headers;
  const { sender } = streaming.services;
  const chunks = stopChunks(streaming);
  const bodies = Array.from({ length: 32 }, () => ask(streaming.url + path, GZIP));
  try {
    await until(() => sender.line.taken === 32, { what: "all are being sent" });
    bodies.push(ask(streaming.url + path, GZIP));
    await until(() => sender.line.waiting === 1, { what: "one waits" });
    expect((await ask(streaming.url + path, { ...GZIP, method: "HEAD" })).status).toBe(200);
    expect((await ask(streaming.url + path, { headers: { ...GZIP.headers, "if-none-match": etag as string } })).status).toBe(304);
    const leaves = follow(streaming.url + path);
    await until(() => sender.line.waiting === 2, { what: "another waits" });
    leaves.leave();
    await until(() => sender.line.waiting === 1, { what: "it has left the line" });
  } finally {
    chunks.goOn();
  }
  for (const { status } of await Promise.all(bodies)) expect(status).toBe(200);
  expect([sender.line.taken, sender.line.waiting, sender.streaming]).toEqual([0, 0, 0]);
});

test("who waits in line longer than a request is held is told when to come again", async () => {
  const own = await startService({ ...cacheEnv(valkey), MEMORY_CACHE_BYTES: "0", HOLD_MS: "500" });
  const path = `${own.url}/propagation/40000/data.arrow?seed=7`;
  const chunks = stopChunks(own);
  const bodies = Array.from({ length: 32 }, () => ask(path, GZIP));
  try {
    await until(() => own.services.sender.line.taken === 32, { what: "all are being sent" });
    const answer = await ask(path, GZIP);
    expect([answer.status, answer.headers["retry-after"], answer.json()["title"]]).toEqual([503, "5", "This frontend takes no more for now"]);
  } finally {
    chunks.goOn();
  }
  for (const { status } of await Promise.all(bodies)) expect(status).toBe(200);
  await own.close();
});

/** Lets no chunk but the first of a body be read. */
function stopChunks({ services: { store } }: Service): { goOn: () => void } {
  const read = store.chunk.bind(store);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const spy = jest.spyOn(store, "chunk").mockImplementation(async (...of) => {
    if (of[3] > 0) await released;
    return read(...of);
  });
  return {
    goOn: () => {
      spy.mockRestore();
      release();
    },
  };
}

test("downloads have telling names", async () => {
  const name = async (path: string): Promise<string | undefined> =>
    (await ask(service.url + path, GZIP)).headers["content-disposition"];
  expect(await name("/propagation/40000/data.json?seed=7")).toBe('attachment; filename="propagation-40000-seed-7.json"');
  expect(await name("/propagation/40000/data.arrow?seed=7")).toBe('attachment; filename="propagation-40000-seed-7.arrow"');
  expect(await name("/propagation/40000/overview?seed=7&from=0&to=100")).toMatch(
    /filename="propagation-40000-seed-7-from-0-to-100\.overview"/,
  );
  expect(await name("/ensemble/300/40/data.json")).toBe('attachment; filename="ensemble-300-40.json"');
  expect(await name("/ensemble/300/41/data.arrow?seed=7")).toBe('attachment; filename="ensemble-300-41-seed-7.arrow"');
  expect(await name("/ensemble/300/41/summary?seed=7")).toBe('inline; filename="ensemble-300-41-seed-7.summary.json"');
});

test("memory stays within its bound, and the least recently used leave", async () => {
  const bounded = await startService({ ...cacheEnv(valkey), MEMORY_CACHE_BYTES: "150000" });
  try {
    for (let from = 0; from < 400; from += 4) {
      await ask(`${bounded.url}/propagation/500/overview?from=${from}&to=${from + 50}`, GZIP);
      await ask(`${bounded.url}/propagation/500/summary`, GZIP);
      expect(bounded.services.memory.bytes).toBeLessThanOrEqual(150_000);
    }
    expect(bounded.services.memory.count).toBeLessThan(100);
    expect(bounded.services.memory.get("summary propagation/500")).toBeDefined();
  } finally {
    await bounded.close();
  }
});

test("what is held keeps no more alive than its own bytes", async () => {
  // Asked for together, so that Redis answers several in one piece.
  const own = await startService(cacheEnv(valkey));
  const detail = "/propagation/500/overview?from=10&to=60";
  try {
    await Promise.all([...SMALL, detail].map((path) => ask(own.url + path, GZIP)));
    const keys = SMALL.map((path) => path.replace(/^\/(.*)\/([^/]+)$/, "$2 $1"));
    for (const key of [...keys, "overview propagation/500 10-60"]) {
      const body = own.services.memory.get(key)?.body as Buffer;
      expect([key, body.buffer.byteLength]).toEqual([key, body.length]);
    }
  } finally {
    await own.close();
  }
});

test("no two products have the same entity tag", async () => {
  const tags = await Promise.all(SMALL.map(async (path) => (await ask(service.url + path, GZIP)).headers.etag));
  expect(new Set(tags).size).toBe(SMALL.length);
});

test("metrics count hits and bytes, of each kind its own", async () => {
  const count = async (name: string, labels: string): Promise<number> => {
    const text = await service.services.metrics.registry.metrics();
    return Number(text.split("\n").find((line) => line.startsWith(`porta_frontend_${name}{${labels}} `))?.split(" ")[1]);
  };
  const counts = (kind: string): Promise<number[]> =>
    Promise.all([
      count("answers_total", `kind="${kind}",product="summary",cache="hit"`),
      count("sent_bytes_total", `kind="${kind}",product="summary"`),
    ]);
  const paths = { propagation: "/propagation/500/summary", ensemble: "/ensemble/300/40/summary" };
  for (const [kind, path] of Object.entries(paths)) {
    const [hits, bytes] = (await counts(kind)) as [number, number];
    const { body } = await ask(service.url + path);
    await ask(service.url + path);
    for (const other of Object.values(paths).filter((other) => other !== path)) await ask(service.url + other);
    expect(await counts(kind)).toEqual([hits + 2, bytes + 2 * body.length]);
  }
  expect(await service.services.metrics.registry.metrics()).toContain("porta_frontend_redis_up 1");
});

test("the page is served for every propagation and ensemble, and revalidated; what it loads is kept for ever", async () => {
  for (const path of ["/", "/propagation/500", "/propagation/500?seed=7", "/ensemble/500/100", "/ensemble/500/100?seed=7"]) {
    const { status, headers, text } = await ask(service.url + path);
    expect([status, headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(text).toContain("<title>Porta</title>");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'self';/);
    expect(headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
    expect(headers["strict-transport-security"]).toBeUndefined();
    const again = await ask(service.url + path, { headers: { "if-none-match": headers.etag as string } });
    expect(again.status).toBe(304);
  }
  const script = await ask(`${service.url}/assets/index-abc123.js`);
  expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(script.headers["content-type"]).toContain("javascript");
});

test("the page knows the limits of the service that serves it", async () => {
  const own = await startService({ MAX_STEPS: "4000", MAX_RUNS: "500", MAX_ENSEMBLE_STEPS: "60000" });
  try {
    const { text } = await ask(own.url);
    const limits = [...text.matchAll(/<meta name="(max-[a-z-]+)" content="(\d+)">/g)].map(([, name, limit]) => [name, limit]);
    expect(limits).toEqual([["max-steps", "4000"], ["max-runs", "500"], ["max-ensemble-steps", "60000"]]);
  } finally {
    await own.close();
  }
});

test("HEAD on a page starts nothing and sends nothing", async () => {
  for (const path of ["/propagation/777", "/ensemble/777/100"]) {
    const answer = await ask(service.url + path, { method: "HEAD" });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  }
  expect(service.services.flights.count).toBe(0);
});

test("live and ready do not ask Redis or pool", async () => {
  const lonely = await startService();
  try {
    for (const path of ["/health/live", "/health/ready"]) expect((await ask(lonely.url + path)).status).toBe(200);
  } finally {
    await lonely.close();
  }
});

test.each(["propagation/500", "ensemble/300/40"])("events of %s, which is there, are ready at once, with the summary, and end", async (key) => {
  const answer = await ask(`${service.url}/${key}/events`);
  expect(answer.headers["content-type"]).toContain("text/event-stream");
  const [, data] = /^retry: 2000\n\nevent: ready\ndata: (.*)\n\n$/.exec(answer.text) ?? [];
  expect(JSON.parse(data as string)).toMatchObject({ key, engine: ENGINE });
  await until(() => service.services.feeds.count === 0, { what: "the stream is forgotten" });
});
