import { startPool, startValkey, type Pool, type Valkey } from "../support";
import { Launcher, START_MS } from "./launcher";

let valkey: Valkey;
let pool: Pool;
let porta: Launcher;

beforeAll(async () => {
  valkey = await startValkey();
  pool = await startPool({ redis: valkey });
  const { address, username, password } = valkey.access("frontend");
  porta = await Launcher.start({
    REDIS_ADDR: address,
    REDIS_USERNAME: username,
    REDIS_PASSWORD: password,
    DASK_SCHEDULER: pool.address,
    DISPATCH_URL: pool.dispatch,
  });
}, START_MS);

afterAll(async () => {
  await porta?.stop();
  await pool?.stop();
  await valkey?.stop();
});

describe("npm start with REDIS_ADDR and DASK_SCHEDULER", () => {
  test("starts the frontend and nothing else, and gets its answers from there", async () => {
    expect(porta.state.children.map(({ name }) => name)).toEqual(["frontend"]);
    const response = await fetch(`${porta.url}/propagation/500/summary`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ key: "propagation/500", verdict: { trusted5: 470 } });
  });
});
