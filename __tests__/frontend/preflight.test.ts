import { startCounter, startService, type Counter, type Service } from "./support/service";
import { ask, type Answer } from "./support/http";

let dispatch: Counter;
let service: Service;

beforeAll(async () => {
  dispatch = await startCounter();
  service = await startService({ DISPATCH_URL: `http://127.0.0.1:${dispatch.port}` });
});

/** A preflight asks neither cache nor pool. The cache cannot be reached here at all. */
afterAll(async () => {
  expect(dispatch.count).toBe(0);
  await service?.close();
  dispatch?.close();
});

function preflight(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const asked = { origin: "https://elsewhere.example", "access-control-request-method": "GET", ...headers };
  return ask(service.url + path, { method: "OPTIONS", headers: asked });
}

const SHARED = ["/propagation/500/data.json", "/propagation/500/data.js?seed=7", "/propagation/500/data.arrow?_=1", "/ensemble/500/10/data.json", "/ensemble/500/10/data.arrow"];

test.each(SHARED)("a preflight for %s allows GET and HEAD with any header, and may be kept for a day", async (path) => {
  const answer = await preflight(path, { "access-control-request-headers": "authorization,range,x-requested-with", connection: "keep-alive" });
  expect([answer.status, answer.body.length]).toEqual([204, 0]);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "authorization,range,x-requested-with",
    "access-control-max-age": "86400",
    vary: "Access-Control-Request-Headers",
  });
  // The browser sends the request on the same connection.
  expect(answer.headers.connection).toBe("keep-alive");
});

test("a preflight without headers of its own, or for another method, gets the same answer", async () => {
  for (const method of ["HEAD", "POST"]) {
    const { status, headers } = await preflight(SHARED[0] as string, { "access-control-request-method": method });
    expect([status, headers["access-control-allow-methods"], headers["access-control-allow-headers"]]).toEqual([204, "GET, HEAD", undefined]);
  }
});

test.each(["/propagation/0/data.json", "/propagation/5%/data.json", "/propagation/500/data.json?sead=7", `/propagation/${"5".repeat(101)}/data.js`])(
  "a preflight for %s is allowed, so that the page may read what is wrong with the address",
  async (path) => {
    expect((await preflight(path)).status).toBe(204);
    const answer = await ask(service.url + path);
    expect([answer.status >= 400, answer.headers["access-control-allow-origin"]]).toEqual([true, "*"]);
  },
);

test.each(["/", "/nope", "/docs", "/openapi.json", "/health/live", "/propagation/500", "/propagation/500/summary", "/propagation/500/overview", "/propagation/500/events", "/ensemble/500/10/events"])(
  "a preflight for %s is refused with the products that are shared, and allows nothing",
  async (path) => {
    const answer = await preflight(path, { "access-control-request-headers": "x-own" });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ type: "urn:porta:problem:not-shared", allowed: "data.json, data.js, data.arrow" });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  },
);

test("OPTIONS that is no preflight is 405, and a preflight with a body is refused", async () => {
  for (const headers of [{}, { origin: "https://elsewhere.example" }, { "access-control-request-method": "GET" }]) {
    const answer = await ask(service.url + SHARED[0], { method: "OPTIONS", headers });
    expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD"]);
  }
  expect((await preflight(SHARED[0] as string, { "content-length": "5" })).status).toBe(400);
});
