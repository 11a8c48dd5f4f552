import { roles } from "../../../stacks/roles";
import type { Platform } from "./platform";

const READ = `import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:${roles.scheduler.ports.dispatch}/metrics").read().decode())`;

/** A counter of dispatch. */
export async function metric(platform: Platform, name: string): Promise<number> {
  const { metadata } = await platform.pod("dask-scheduler");
  const text = await platform.cluster.exec(metadata.name, ["python3", "-IS", "-c", READ]);
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Dispatch has no metric ${name}.`);
  return Number(value);
}
