// Throughput and p99 of hits: our frontend, a bare Fastify route that sends the same buffer with the same headers, and nginx
// with the file. In turns, so that what else the machine does hits all alike; the median turn counts. Packed, as browsers
// ask, and plain, as curl, wget and Python's urllib do.
import { readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { propagation, python } from "../../../scripts/paths.mjs";
import { startService } from "../../../scripts/platform/service.mjs";
import { freePorts, LOOPBACK } from "../../../scripts/process/ports.mjs";
import { startFrontend } from "./_frontend.mjs";
import { findLoad } from "./_load.mjs";
import { bareService, findNginx, nginxService } from "./_others.mjs";

const TURNS = 5;
const STEPS = 500;
/** @type {{ engine: number }} */
const { engine } = JSON.parse(readFileSync(join(propagation, "src/porta/contract.json"), "utf8"));

/**
 * @param {string} url
 * @param {string} encoding
 */
function fetchIn(url, encoding) {
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts) }));
    }).on("error", reject);
  });
}

/** @param {number[]} values */
const median = (values) => /** @type {number} */ ([...values].sort((a, b) => a - b)[values.length >> 1]);

const { port, directory, stop } = await startFrontend([STEPS]);
/** @type {{ stop(): Promise<unknown> }[]} */
const children = [];
try {
  const [barePort, nginxPort] = /** @type {[number, number]} */ (await freePorts(2));
  const load = findLoad();
  const nginx = findNginx();
  for (const [product, encoding] of /** @type {const} */ ([["data.json", "gzip"], ["data.json", "identity"], ["summary", "gzip"]])) {
    const path = `/propagation/${STEPS}/${product}?v=${engine}`;
    const answer = await fetchIn(`http://${LOOPBACK}:${port}${path}`, encoding);
    const file = join(directory, product);
    writeFileSync(file, answer.body);
    writeFileSync(`${file}.headers`, JSON.stringify(answer.headers));
    const others = [await startService(bareService({ port: barePort, file, path, directory, python }))];
    if (nginx) others.push(await startService(nginxService({ nginx, port: nginxPort, file, path, headers: answer.headers, directory, python })));
    children.push(...others);

    const servers = { ours: port, bare: barePort, ...(nginx ? { nginx: nginxPort } : {}) };
    /** @type {Record<string, { rate: number[], p99: number[] }>} */
    const figures = {};
    for (let turn = 0; turn <= TURNS; turn++) {
      for (const [name, at] of Object.entries(servers)) {
        const { rate, p99 } = await load.run(`http://${LOOPBACK}:${at}${path}`, encoding);
        if (turn === 0) continue; // the compilers are still at work
        (figures[name] ??= { rate: [], p99: [] }).rate.push(rate);
        figures[name].p99.push(p99);
      }
    }
    for (const other of others) await other.stop();

    const ours = /** @type {{ rate: number[], p99: number[] }} */ (figures.ours);
    for (const [name, label, goal] of /** @type {const} */ ([["bare", "bare Fastify route", "≥ 85 %"], ["nginx", "nginx, the file", undefined]])) {
      const other = figures[name];
      if (!other) continue;
      for (const [what, key, unit] of /** @type {const} */ ([["hits a second", "rate", "/s"], ["p99", "p99", "ms"]])) {
        const [value, beside] = [median(ours[key]), median(other[key])];
        const row = { name: `${product}${encoding === "identity" ? ", plain," : ""} of ${STEPS} steps, ${what} (${load.name})`, value, unit };
        const compared = { beside: { name: label, value: beside, unit }, ratio: value / beside };
        console.log(JSON.stringify({ ...row, ...(key === "rate" && goal ? { goal } : {}), ...compared }));
      }
    }
  }
} finally {
  for (const child of children.reverse()) await child.stop();
  await stop();
}
