// A Fastify route that does nothing but send a buffer: `_bare.mjs <port> <file> <path>`.
import { readFileSync } from "node:fs";
import Fastify from "fastify";

const [port, file, path] = process.argv.slice(2);
const body = readFileSync(/** @type {string} */ (file));
const sent = Object.entries(JSON.parse(readFileSync(`${file}.headers`, "utf8")));
const headers = Object.fromEntries(sent.filter(([name]) => !["date", "connection", "keep-alive"].includes(name)));

const app = Fastify();
app.get(/** @type {string} */ (path), (_request, reply) => reply.headers(headers).send(body));
await app.listen({ host: "127.0.0.1", port: Number(port) });
