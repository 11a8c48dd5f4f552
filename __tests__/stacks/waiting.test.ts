import { reasons } from "../../scripts/deploy/waiting";

const pod = (name: string, status: Parameters<typeof reasons>[0][number]["status"]) => ({ metadata: { name, namespace: "sedaro" }, status });

test("a pod that only needs time is not spoken of", () => {
  expect(reasons([
    pod("running", { containerStatuses: [{ ready: true, state: {} }] }),
    pod("starting", { containerStatuses: [{ ready: false, state: { waiting: { reason: "ContainerCreating" } } }] }),
    pod("warming-up", { containerStatuses: [{ ready: false, state: {} }] }),
    pod("new", {}),
  ])).toEqual([]);
});

test("a process that runs and is not ready is given a minute, then spoken of", () => {
  const scheduler = pod("dask-scheduler-1", { containerStatuses: [{ ready: false, state: { running: { startedAt: "2026-03-01T12:00:00Z" } } }] });
  expect(reasons([scheduler], new Date("2026-03-01T12:00:59Z"))).toEqual([]);
  expect(reasons([scheduler], new Date("2026-03-01T12:01:01Z"))).toEqual([expect.stringMatching(/^dask-scheduler-1 runs and is not ready: kubectl -n sedaro logs dask-scheduler-1 may say why$/)]);
});

test("an image, a secret or a volume that does not come within a minute is spoken of, and how to find out which", () => {
  const starting = pod("redis-1", { startTime: "2026-03-01T12:00:00Z", containerStatuses: [{ ready: false, state: { waiting: { reason: "ContainerCreating" } } }] });
  expect(reasons([starting], new Date("2026-03-01T12:00:59Z"))).toEqual([]);
  expect(reasons([starting], new Date("2026-03-01T12:01:01Z"))).toEqual([
    "redis-1 waits for its image, a secret or its volume: kubectl -n sedaro describe pod redis-1 says which",
  ]);
});

test("a pod that is on its way out is not spoken of", () => {
  const { metadata, status } = pod("worker-1", { containerStatuses: [{ ready: false, state: { running: { startedAt: "2026-03-01T12:00:00Z" } } }] });
  expect(reasons([{ metadata: { ...metadata, deletionTimestamp: "2026-03-01T12:05:00Z" }, status }])).toEqual([]);
});

test("an image that cannot be had is named, with the registry's words", () => {
  const message = 'Back-off pulling image "localhost/porta/frontend:1": not found';
  expect(reasons([pod("frontend-1", { containerStatuses: [{ ready: false, state: { waiting: { reason: "ImagePullBackOff", message } } }] })]))
    .toEqual([`frontend-1: ImagePullBackOff: ${message}`]);
});

test("a process that ends is quoted with its last words", () => {
  const lastState = { terminated: { reason: "Error", message: "one\ntwo\nREDIS_ADDR='x y' is not allowed: host\n" } };
  expect(reasons([pod("worker-1", { containerStatuses: [{ ready: false, state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } }, lastState }] })]))
    .toEqual(["worker-1: CrashLoopBackOff: back-off 10s: one / two / REDIS_ADDR='x y' is not allowed: host"]);
});

test("a pod without a place says what is short", () => {
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available: 1 Insufficient memory." }];
  expect(reasons([pod("redis-1", { conditions })])).toEqual(["redis-1 has no place yet: 0/1 nodes are available: 1 Insufficient memory."]);
});
