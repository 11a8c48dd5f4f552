import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { KINDS } from "../../services/frontend/src/kinds";
import { startValkey, type Valkey } from "../support";
import { fill } from "./support/fill";
import { ask } from "./support/http";
import { cacheEnv, startService, type Service } from "./support/service";

/** A result of each kind. */
const KEYS: Readonly<Record<string, string>> = { propagation: "propagation/500", ensemble: "ensemble/300/40" };
const JSON_BODIES = KINDS.flatMap((kind) => (["summary", "data.json"] as const).map((product) => [kind.name, product, kind] as const));

let valkey: Valkey;
let service: Service;
/** Validates bodies as Fastify does, but for what it lets pass: it says in words what does not fit. */
let judge: FastifyInstance;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, ...Object.values(KEYS));
  service = await startService(cacheEnv(valkey));
  judge = Fastify({ bodyLimit: 16 * 1024 * 1024, ajv: { customOptions: { coerceTypes: false, strict: false } } });
  for (const [kind, product, { description }] of JSON_BODIES) {
    judge.post(`/${kind}/${product}`, { schema: { body: description.products[product]?.schema } }, () => ({ message: "fits" }));
  }
  await judge.listen({ host: "127.0.0.1", port: 0 });
}, 240_000);

afterAll(async () => {
  await judge?.close();
  await service?.close();
  await valkey?.stop();
});

async function judged(path: string, body: object): Promise<string> {
  const { port } = judge.server.address() as AddressInfo;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return ((await answer.json()) as { message: string }).message;
}

test.each(JSON_BODIES)("what is served of a kind, %s, as %s is what the description says, and so is its example", async (kind, product, { description }) => {
  const served = (await ask(`${service.url}/${KEYS[kind]}/${product}`)).json();
  const { examples } = description.products[product]?.schema as { examples: object[] };
  expect(examples.length).toBeGreaterThan(0);
  for (const body of [served, ...examples]) {
    expect(await judged(`/${kind}/${product}`, body)).toBe("fits");
    // And nothing is served that the description does not know.
    for (const name of Object.keys(body)) {
      const less = Object.fromEntries(Object.entries(body).filter(([other]) => other !== name));
      expect(await judged(`/${kind}/${product}`, less)).toContain(`'${name}'`);
    }
  }
});

/** Numbers in an example may be rounded, and its words cut short; all else is as served. */
function agrees(example: unknown, served: unknown): boolean {
  if (typeof example === "number") {
    const decimals = /\.(\d+)$/.exec(String(example))?.[1]?.length ?? 0;
    return example === served || (decimals > 0 && Number((served as number).toFixed(decimals)) === example);
  }
  if (typeof example === "string") return String(served).startsWith(example.replace(/ …$/, ""));
  if (typeof example !== "object" || example === null) return example === served;
  return Object.entries(example).every(([name, inner]) => agrees(inner, (served as Record<string, unknown>)[name]));
}

test.each(KINDS.map((kind) => [kind.name, kind] as const))("the example of a summary of a kind, %s, is a real one", async (_, { description }) => {
  const { examples } = description.products.summary?.schema as { examples: Record<string, unknown>[] };
  for (const example of examples) {
    const key = example["key"] as string;
    await fill(valkey, key);
    const served = (await ask(`${service.url}/${key}/summary`)).json() as Record<string, unknown>;
    expect(Object.keys(example).filter((name) => !agrees(example[name], served[name]))).toEqual([]);
  }
});
