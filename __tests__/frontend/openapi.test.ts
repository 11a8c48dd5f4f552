import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { ask } from "./support/http";
import { startService, type Service } from "./support/service";

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; description?: string; example?: unknown }[];
  responses: Record<string, { content?: Record<string, { schema: Record<string, unknown>; example?: unknown; examples?: unknown }> }>;
}
interface Document { paths: Record<string, Record<string, Operation>> }

let service: Service;
let description: Document;

beforeAll(async () => {
  service = await startService();
  description = (await ask(`${service.url}/openapi.json`)).json<Document>();
});

afterAll(() => service?.close());

test("the description is a valid OpenAPI 3.1 document", () => {
  const folder = mkdtempSync(join(tmpdir(), "porta-openapi-"));
  try {
    const file = join(folder, "openapi.json");
    writeFileSync(file, JSON.stringify(description));
    const validator = join(__dirname, "../../node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js");
    const output = execFileSync(process.execPath, [validator, file], { encoding: "utf8" });
    expect(JSON.parse(output)).toMatchObject({ valid: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("bodies are described with their ranges", () => {
  const { responses } = description.paths["/propagation/{steps}/data.json"]?.["get"] as Operation;
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(["200", "206", "416"]));
});

/** The routes that Fastify has, in OpenAPI's spelling; files of the page and of the documentation's own page are no API. */
function registered(app: FastifyInstance): Set<string> {
  const routes = new Set<string>();
  const stack: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false, includeHooks: false }).split("\n")) {
    const match = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!match) continue;
    stack.length = (match[1] as string).length / 4;
    stack.push(match[2] as string);
    const path = stack.join("");
    if (!match[3] || /^\/(docs|assets)/.test(path)) continue;
    for (const method of match[3].split(", ")) routes.add(`${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  }
  return routes;
}

test("it describes exactly the routes that exist", () => {
  const described = new Set(
    Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
  expect(described).toEqual(registered(service.app));
  expect(described).toContain("HEAD /propagation/{steps}/data.arrow");
  expect(described).toContain("GET /ensemble/{steps}/{runs}/events");
  expect(described).not.toContain("GET /ensemble/{steps}/{runs}/data.js");
});

test("every operation has a summary, every parameter a description and an example, every body an example", () => {
  const operations = Object.values(description.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBeGreaterThan(20);
  for (const { summary, parameters = [], responses } of operations) {
    expect(summary).toMatch(/\w/);
    for (const parameter of parameters) {
      expect(parameter.description).toMatch(/\w/);
      expect(JSON.stringify(parameter)).toMatch(/"examples?":/);
    }
    for (const { content = {} } of Object.values(responses)) {
      for (const media of Object.values(content)) expect(JSON.stringify(media)).toMatch(/"examples?":/);
    }
  }
});

test("every parameter of the contract is there", () => {
  const names = (path: string): string[] => (description.paths[path]?.["get"]?.parameters ?? []).map(({ name }) => name).sort();
  expect(names("/propagation/{steps}/overview")).toEqual(["If-Range", "Range", "from", "seed", "steps", "to", "v"]);
  expect(names("/propagation/{steps}/data.json")).toEqual(["If-Range", "Range", "seed", "steps", "v"]);
  expect(names("/propagation/{steps}")).toEqual(["seed", "steps"]);
  expect(names("/ensemble/{steps}/{runs}/overview")).toEqual(["If-Range", "Range", "runs", "seed", "steps", "v"]);
  expect(names("/ensemble/{steps}/{runs}/data.json")).toEqual(["If-Range", "Range", "runs", "seed", "steps", "v"]);
  expect(names("/ensemble/{steps}/{runs}")).toEqual(["runs", "seed", "steps"]);
});
