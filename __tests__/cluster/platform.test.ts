import { Platform } from "./support/platform";
import { engines } from "./platform/engines";
import { environment } from "./platform/environment";
import { faults } from "./platform/faults";
import { fromOutside } from "./platform/from-outside";
import { jupyter } from "./platform/jupyter";
import { leaving } from "./platform/leaving";
import { network } from "./platform/network";
import { doors } from "./platform/pool-doors";
import { redisFull } from "./platform/redis-full";
import { redisAccounts } from "./platform/redis-users";
import { restricted } from "./platform/restricted";
import { rollout } from "./platform/rollout";

// One platform for all: it takes a minute to come up, and what it is asked is written so that nothing of it is in another's way.
const platform = new Platform();
beforeAll(() => platform.up(), 600_000);
afterAll(() => platform.down(), 300_000);

describe("Pod Security", () => restricted(platform));
describe("from outside", () => fromOutside(platform));
describe("the network", () => network(platform));
describe("the doors", () => doors(platform));
describe("Redis", () => redisAccounts(platform));
describe("JupyterLab", () => jupyter(platform));
describe("a rollout", () => rollout(platform));
describe("with somebody waiting", () => faults(platform));
describe("a full cache", () => redisFull(platform));
describe("another Python environment", () => environment(platform));
describe("another engine", () => engines(platform));
describe("taken down", () => leaving(platform));
