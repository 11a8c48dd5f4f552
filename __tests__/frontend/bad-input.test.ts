import { startValkey, until, type Valkey } from "../support";
import { commandCounts } from "./support/fill";
import { ask, raw } from "./support/http";
import { cacheEnv, startCounter, startService, type Counter, type Service } from "./support/service";

let valkey: Valkey;
let dispatch: Counter;
let service: Service;
let before: Record<string, number>;

beforeAll(async () => {
  valkey = await startValkey();
  dispatch = await startCounter();
  service = await startService({ ...cacheEnv(valkey), DISPATCH_URL: `http://127.0.0.1:${dispatch.port}` });
  before = await commandCounts(valkey);
});

afterAll(async () => {
  await service?.close();
  dispatch?.close();
  await valkey?.stop();
});

/** Nothing that is refused may have cost the cache or the pool anything. */
afterEach(async () => {
  const after = await commandCounts(valkey);
  for (const name of ["hget", "hmget", "exists", "hexists", "get"]) expect([name, after[name]]).toEqual([name, before[name]]);
  expect(dispatch.count).toBe(0);
});

/** What is a number nowhere, whatever its limit is. */
const NO_NUMBERS = [
  ..."-1 0 -0 +5 007 1.0 1.5 1e3 1e309 Infinity -Infinity NaN null true false 0x10 0b11 0o7 1_000 1,2 5n".split(" "),
  "9007199254740993",
  "99999999",
  "",
  "%205",
  "5%20",
  "5%0A",
  "5%00",
  "%35",
  "%2B5",
  "%D9%A5",
  "%EF%BC%95",
  "..%2f",
  "%2e%2e",
  "n%5B%5D",
  "__proto__",
  "constructor",
  "5;seed=7",
  "%zz",
  "5%",
];
const VIEWS = ["data.json", "data.js", "data.arrow", "overview", "summary", "events"];
const ENSEMBLE_VIEWS = VIEWS.filter((view) => view !== "data.js");

async function expectRefused(paths: readonly string[], problem: Record<string, string>): Promise<void> {
  for (const path of paths) {
    const { status, headers, body, ...answer } = await ask(service.url + path);
    expect([path, status]).toEqual([path, 400]);
    expect(headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ status: 400, ...problem });
    expect(body.length).toBeLessThan(500);
  }
}

test.each([...NO_NUMBERS, "1000001"])("steps %p are refused on every route, with value, range and example", async (steps) => {
  const expected = {
    title: "steps is not valid",
    value: steps.slice(0, 32),
    allowed: "a whole number from 1 to 1000000, in plain digits",
  };
  const propagations = VIEWS.map((view) => `/propagation/${steps}/${view}`);
  await expectRefused(propagations, { ...expected, example: "/propagation/500" });
  const ensembles = ["", ...ENSEMBLE_VIEWS.map((view) => `/${view}`)].map((view) => `/ensemble/${steps}/1000${view}`);
  await expectRefused(ensembles, { ...expected, example: "/ensemble/10000/1000" });
});

test.each([...NO_NUMBERS, "100001", "999999", "1000000"])("runs %p are refused on every route, with value, range and example", async (runs) => {
  await expectRefused(["", ...ENSEMBLE_VIEWS.map((view) => `/${view}`)].map((view) => `/ensemble/500/${runs}${view}`), {
    title: "runs is not valid",
    value: runs.slice(0, 32),
    allowed: "a whole number from 1 to 100000 for 500 steps, in plain digits",
    example: "/ensemble/10000/1000",
  });
});

test.each([
  [100_001, 99_999],
  [1_000_000, 10_000],
  [333_333, 30_000],
])("an ensemble of more than 10¹⁰ steps is refused, and told that %i steps allow %i runs", async (steps, most) => {
  await expectRefused([`/ensemble/${steps}/${most + 1}/summary`], {
    title: "runs is not valid",
    value: String(most + 1),
    allowed: `a whole number from 1 to ${most} for ${steps} steps, in plain digits`,
  });
});

test("an ensemble whose last seed is no seed any more is refused, and told the greatest that its runs allow", async () => {
  await expectRefused(["/summary", "/events", ""].map((view) => `/ensemble/500/100${view}?seed=9007199254740893`), {
    title: "seed is not valid",
    value: "9007199254740893",
    allowed: "at most 9007199254740892 for 100 runs",
  });
});

test("an ensemble has no detail of its overview", async () => {
  for (const query of ["from=0&to=10", "to=10", "from=0"]) {
    const name = query.slice(0, query.indexOf("="));
    await expectRefused([`/ensemble/500/100/overview?${query}`], { title: "query is not valid", value: name, allowed: "made of seed, v, each at most once" });
  }
});

const BAD_SEEDS = [
  ..."-1 -0 +5 007 00 1.0 1e3 Infinity NaN null 0x10 1_000 9007199254740992 99999999999999999".split(" "),
  "",
  "%205",
  "5%0A",
  "5%00",
  "%35",
  "%D9%A5",
];

test.each(BAD_SEEDS)("seed %p is refused on every route", async (seed) => {
  for (const view of ["", ...VIEWS.map((name) => `/${name}`)]) {
    const answer = await ask(`${service.url}/propagation/500${view}?seed=${seed}`);
    expect([view, answer.status]).toEqual([view, 400]);
    expect(answer.json()).toMatchObject({ title: "seed is not valid", value: seed, example: "/propagation/500?seed=7" });
  }
  const ensembles = ["", ...ENSEMBLE_VIEWS.map((view) => `/${view}`)].map((view) => `/ensemble/500/100${view}?seed=${seed}`);
  await expectRefused(ensembles, { title: "seed is not valid", value: seed, example: "/ensemble/10000/1000?seed=7" });
});

test.each([
  "seed=1&seed=1",
  "seed=1&seed=2",
  "seed[]=1",
  "seed%5B%5D=1",
  "s%65ed=1",
  "n=5",
  "steps=5",
  "__proto__=1",
  "constructor=1",
  "v=1&v=1",
  "v=x",
  "v=",
  "v=01",
  "from=0",
  "to=5",
  "=1",
  "Seed=1",
  "sead=1",
  "seed=1&_=1732900000&sead=1",
  "foo=1",
])("the query %p is refused on data routes", async (query) => {
  for (const view of ["data.json", "summary", "events"]) {
    expect((await ask(`${service.url}/propagation/500/${view}?${query}`)).status).toBe(400);
    expect((await ask(`${service.url}/ensemble/500/100/${view}?${query}`)).status).toBe(400);
  }
});

test.each(["from=-1", "from=5&to=5", "from=6&to=5", "to=501", "from=500", "to=0", "from=01", "from=0&from=1", "from=1e2", "to=NaN", "from="])(
  "the range %p is refused",
  async (query) => {
    expect((await ask(`${service.url}/propagation/500/overview?${query}`)).status).toBe(400);
  },
);

test("what was sent is quoted to 32 characters at most", async () => {
  const answer = await ask(`${service.url}/propagation/${"7".repeat(90)}/summary`);
  expect(answer.status).toBe(400);
  expect(answer.json()["value"]).toBe("7".repeat(32));
});

test("over-long steps and over-long addresses are 414", async () => {
  expect((await ask(`${service.url}/propagation/${"5".repeat(101)}/summary`)).status).toBe(414);
  expect((await ask(`${service.url}/ensemble/5/${"5".repeat(101)}/summary`)).status).toBe(414);
  expect((await ask(`${service.url}/propagation/5/summary?${"x".repeat(2_100)}`)).status).toBe(414);
  const answer = await raw(service.port, `GET /${"x".repeat(64 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 414 [^]*"status":414/);
});

test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])("%s is 405 and names what is allowed", async (method) => {
  const answer = await ask(`${service.url}/propagation/500/data.json`, { method });
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe("GET, HEAD");
  expect(answer.json()).toMatchObject({ status: 405, allowed: "GET, HEAD" });
});

test.each([
  ..."/nowhere /propagation /propagation/500/ /propagation/500/data.csv /propagation/500/data.json/ /propagation/500/page".split(" "),
  ..."/PROPAGATION/500 /ensemble /ensemble/500 /ensemble/500/100/ /ensemble/500/100/data.js /ensemble/500/100/summary/x".split(" "),
])(
  "%s is 404 as a problem",
  async (path) => {
    const answer = await ask(service.url + path);
    expect(answer.status).toBe(404);
    const example = path.startsWith("/ensemble/") ? "/ensemble/10000/1000" : "/propagation/500";
    expect(answer.json()).toMatchObject({ status: 404, type: "urn:porta:problem:not-found", example });
  },
);

const MALFORMED: readonly (readonly [string, string, number])[] = [
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two Hosts", "GET /propagation/5/summary HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["an absolute address", "GET http://x/propagation/5/summary HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
  ["length and chunks", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400],
  ["a blank before the colon", "GET / HTTP/1.1\r\nHost: x\r\nTE : x\r\n\r\n", 400],
  ["a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400],
  ["bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400],
  ["a body on GET", "GET /propagation/5/summary HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 400],
  ["a chunked body on GET", "GET /propagation/5/summary HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["17 kB of headers", `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(17_000)}\r\n\r\n`, 431],
  ["2,001 headers", `GET /propagation/5/summary HTTP/1.1\r\nHost: x\r\n${"a:b\r\n".repeat(2_001)}\r\n`, 431],
  ["a method that is none", "FROB / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["no HTTP at all", "hello\r\n\r\n", 400],
];

test.each(MALFORMED)("%s is refused with a problem, and the connection ends", async (_name, request, status) => {
  const answer = await raw(service.port, request);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"status":${status}`));
});

test.each(["/propagation/1e3", "/ensemble/500/1e3", "/propagation/5%", "/ensemble/5%/100"])(
  "a person who mistypes %s gets the page with status 400 and its policy, a program the problem",
  async (path) => {
    const person = await ask(service.url + path, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([person.status, person.headers["content-type"]]).toEqual([400, "text/html; charset=utf-8"]);
    expect(person.headers["content-security-policy"]).toMatch(/^default-src 'self';/);
    expect(person.text).toContain("<title>Porta</title>");
    const program = await ask(service.url + path);
    expect(program.json()).toMatchObject({ status: 400, value: path.includes("%") ? "5%" : "1e3" });
    expect(program.headers["content-security-policy"]).toMatch(/^default-src 'self';/);
  },
);

const HTML = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

test.each(["/nope", "/ensemble/500", "/propagation", "/propagation/abc/def", "/propagation/500/", "/health", "/assets/none.js", "/docs/none"])(
  "a person who opens %s, which does not exist, gets a page with the way home and status 404, a program the problem",
  async (path) => {
    const person = await ask(service.url + path, HTML);
    expect([person.status, person.headers["content-type"], person.headers["cache-control"]]).toEqual([404, "text/html; charset=utf-8", "no-store"]);
    expect(person.headers["content-security-policy"]).toMatch(/^default-src 'self';/);
    expect(person.text).toContain("There is nothing here");
    expect(person.text).toContain('<a href="/">');
    const head = await ask(service.url + path, { ...HTML, method: "HEAD" });
    expect([head.status, head.headers["content-type"], head.body.length]).toEqual([404, "text/html; charset=utf-8", 0]);
    for (const accept of [undefined, "*/*", "application/json", "application/json, text/html;q=0.5", "application/problem+json,text/html"]) {
      const program = await ask(service.url + path, accept === undefined ? {} : { headers: { accept } });
      expect([accept, program.status, program.headers["content-type"]]).toEqual([accept, 404, "application/problem+json; charset=utf-8"]);
    }
  },
);

test.each([
  ["/propagation/0/data.json", 400, "steps has to be", "/propagation/500"],
  ["/propagation/500/data.json?sead=7", 400, "Did you mean seed?", "/propagation/500/data.json?seed=7"],
  [`/propagation/5/summary?${"x".repeat(2_100)}`, 414, "No address here needs as many characters.", "/propagation/500"],
])("a person who opens %.40s gets its problem, %i, as a page with an address that works", async (path, status, words, example) => {
  const { headers, text, ...person } = await ask(service.url + path, HTML);
  expect([person.status, headers["content-type"]]).toEqual([status, "text/html; charset=utf-8"]);
  expect(text).toContain(words);
  expect(text).toContain(`<a href="${example}">`);
});

test("a person whom the cache cannot serve now gets a page with a link to try again, and the time after which to", async () => {
  const away = await startService();
  const { headers, text, status } = await ask(`${away.url}/propagation/500/data.json`, HTML);
  await away.close();
  expect([status, headers["content-type"], headers["retry-after"]]).toEqual([503, "text/html; charset=utf-8", "2"]);
  expect(text).toContain('<a href="/propagation/500/data.json">Try again</a>');
});

test("the page of a problem repeats the address as text, and no more than a hundred characters", async () => {
  const { text } = await ask(`${service.url}/nope<script>alert("1")</script>&lt;${"x".repeat(500)}`, HTML);
  expect(text).toContain("/nope&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;lt;x");
  expect(text).not.toContain("<script>");
  expect(/x+…/.exec(text)?.[0].length).toBeLessThan(100);
  const { text: query } = await ask(`${service.url}/propagation/5/data.json"onmouseover="x?sead=1`, HTML);
  expect(query).not.toContain('"onmouseover');
});

test.each([
  ["/propagation/:steps", "/propagation/1e3", 400],
  ["/propagation/:steps/summary", "/propagation/1e3/summary", 400],
  ["none", "/propagation/5%", 400],
  ["none", "/nowhere", 404],
])("what is refused is timed as every answer, under the route %s: %s", async (route, path, status) => {
  const count = async (): Promise<number> => {
    const text = await service.services.metrics.registry.metrics();
    const line = `porta_frontend_request_seconds_count{route="${route}",status="${status}"} `;
    return Number(text.split("\n").find((each) => each.startsWith(line))?.slice(line.length) ?? 0);
  };
  const before = await count();
  await ask(service.url + path);
  await until(async () => (await count()) === before + 1, { what: "it is counted" });
});

test("headers that do not come to an end are cut off after 5 s; a body is never waited for", async () => {
  const begin = performance.now();
  const headers = await raw(service.port, "GET / HTTP/1.1\r\nHost: x\r\n");
  expect(headers).toMatch(/^HTTP\/1.1 408 /);
  // Checked once a second; the limit for the whole request, 10 s, would be too late.
  expect(performance.now() - begin).toBeLessThan(9_500);
  const body = await raw(service.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx");
  expect(body).toMatch(/^HTTP\/1.1 405 /);
});
