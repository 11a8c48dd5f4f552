import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { numbaCache, python } from "../../scripts/paths.mjs";
import { startValkey, type Valkey } from "../support";
import { temporaryFolder } from "../support/part";
import { fill } from "./support/fill";
import { ask } from "./support/http";
import { cacheEnv, startService, type Service } from "./support/service";

const run = promisify(execFile);

/** Each result, and how many rows its table has: 63,297 records of which the initial one is a row for each agent; an ensemble's cells. */
const ROWS = [
  ["propagation/40000?seed=7", 63_298],
  ["ensemble/300/40", 1_388],
] as const;

let valkey: Valkey;
let service: Service;

beforeAll(async () => {
  valkey = await startValkey();
  await fill(valkey, ...ROWS.map(([key]) => key));
  service = await startService(cacheEnv(valkey));
}, 240_000);

afterAll(async () => {
  await service?.close();
  await valkey?.stop();
});

test.each(ROWS)("the download of %s as Arrow, saved under the name that it brings, opens in pandas, polars and pyarrow", async (key, rows) => {
  const folder = temporaryFolder();
  try {
    const [path, query = ""] = key.split("?");
    const answer = await ask(`${service.url}/${path}/data.arrow?${query}`, { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers["content-type"]).toBe("application/vnd.apache.arrow.file");
    const [, name] = /filename="(.*)"/.exec(answer.headers["content-disposition"] ?? "") ?? [];
    const file = join(folder.path, name as string);
    writeFileSync(file, gunzipSync(answer.body));
    const options = { env: { ...process.env, NUMBA_CACHE_DIR: numbaCache }, timeout: 100_000 };
    const { stdout } = await run(python, [join(__dirname, "support", "readers.py"), file], options);
    const read = JSON.parse(stdout) as Record<string, number>;
    expect(read).toEqual({ pandas: rows, polars: rows, "pyarrow.dataset": rows, "pyarrow.feather": rows });
  } finally {
    folder.remove();
  }
});
