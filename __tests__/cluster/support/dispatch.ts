import { roles } from "../../../stacks/roles";
import type { Platform } from "./platform";

const ASK = `
import sys, urllib.error, urllib.request
method, path = sys.argv[1:]
try:
    answer = urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:${roles.scheduler.ports.dispatch}{path}", method=method), timeout=120)
except urllib.error.HTTPError as error:
    answer = error
print(answer.read().decode())
`;

/** What dispatch answers, whatever its status: asked in the scheduler's own pod, ready or not. */
export async function dispatch(platform: Platform, method: "GET" | "POST", path: string): Promise<string> {
  const [scheduler] = await platform.pods("dask-scheduler");
  if (scheduler === undefined) throw new Error("There is no scheduler.");
  return platform.cluster.exec(scheduler.metadata.name, ["python3", "-IS", "-c", ASK, method, path]);
}

/** A counter of dispatch. */
export async function metric(platform: Platform, name: string): Promise<number> {
  const text = await dispatch(platform, "GET", "/metrics");
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Dispatch has no metric ${name}.`);
  return Number(value);
}
