import type { AddressInfo } from "node:net";
import { metricsServer } from "../../services/frontend/src/metrics-server";
import { ask } from "./support/http";
import { startService, type Service } from "./support/service";

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service?.close());

test.each(["/", "/propagation/500", "/ensemble/500/10", "/health/live", "/health/ready", "/openapi.json", "/docs/json", "/assets/index-abc123.js"])(
  "%s with foreign names in its query is answered as without",
  async (path) => {
    const plain = await ask(service.url + path);
    expect(plain.status).toBe(200);
    for (const foreign of ["", "_=1732900000", "utm_source=x&utm_source=y", "&&", "x", "%zz=%zz"]) {
      const answer = await ask(`${service.url}${path}?${foreign}`);
      expect([foreign, answer.status, answer.headers.etag, answer.text === plain.text]).toEqual([foreign, 200, plain.headers.etag, true]);
    }
  },
);

test("metrics with parameters of a scraper are answered", async () => {
  const server = metricsServer(service.services.metrics.registry);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await ask(`${url}/metrics?module=porta&_=1`)).text).toContain("porta_frontend_sse_clients");
  expect((await ask(`${url}/metricsx`)).status).toBe(404);
  server.close();
});
