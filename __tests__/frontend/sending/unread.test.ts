import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Unread } from "../../../services/frontend/src/sending/unread";
import { until } from "../../support";
import { open } from "../support/load";

const BODY_BYTES = 32 * 1024 * 1024; // more than kernels buffer

let server: Server;
let sockets: Socket[];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Answers clients that do not read with `bodies`, one each. Resolves to the answers, in the order of the clients. */
async function answerSilentClients(bodies: readonly Buffer[]): Promise<ServerResponse[]> {
  const answers: ServerResponse[] = [];
  server = createServer((request, response) => {
    answers[Number(request.url?.slice(1))] = response.writeHead(200);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  sockets = bodies.map((_, index) => open(port, `/${index}`));
  await until(() => answers.filter(Boolean).length === bodies.length, { what: "all have asked" });
  bodies.forEach((body, index) => answers[index]?.end(body));
  return answers;
}

test("bytes that many clients leave unread count once, and not at all when they are gone", async () => {
  const shared = Buffer.alloc(BODY_BYTES);
  const answers = await answerSilentClients([shared, shared, shared]);
  const unread = new Unread(BODY_BYTES, () => undefined);
  for (const answer of answers) answer.once("close", unread.hold(answer, "a", shared));
  expect([unread.bytes, unread.clients]).toEqual([BODY_BYTES, 3]);
  for (const socket of sockets) socket.destroy();
  await until(() => unread.clients === 0, { what: "nobody is left" });
  expect(unread.bytes).toBe(0);
});

test("beyond the bound those are cut off who have not read for longest, of the address that has the most of them", async () => {
  const bodies = Array.from({ length: 4 }, () => Buffer.alloc(BODY_BYTES));
  const answers = await answerSilentClients(bodies);
  const cut: string[] = [];
  const unread = new Unread(3 * BODY_BYTES, (client) => cut.push(client));
  const clients = ["honest", "many", "many", "many"];
  answers.forEach((answer, index) => answer.once("close", unread.hold(answer, clients[index] as string, bodies[index] as Buffer)));
  await until(() => cut.length > 0, { what: "one is cut off" });
  expect([cut, unread.bytes]).toEqual([["many"], 3 * BODY_BYTES]);
  expect(answers.map(({ destroyed }) => destroyed)).toEqual([false, true, false, false]);
});
