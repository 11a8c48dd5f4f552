import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { platform } from "../../../main";
import { readConfig } from "../../../stacks/config/config";
import { Platform, type StackJson } from "./platform";

/** Synthesizes the whole app, offline, as `npm run synth` does, and reads what Terraform would. */
export function synth(env: Record<string, string> = {}): Platform {
  const app = Testing.app();
  platform(app, readConfig(env));
  app.synth();
  const read = (path: string): unknown => JSON.parse(readFileSync(join(app.outdir, path), "utf8"));
  const { stacks } = read("manifest.json") as {
    stacks: Record<string, { synthesizedStackPath: string; dependencies: string[] }>;
  };
  return new Platform(Object.fromEntries(Object.entries(stacks).map(([name, { synthesizedStackPath, dependencies }]) => [
    name, { ...(read(synthesizedStackPath) as Omit<StackJson, "dependencies">), dependencies },
  ])));
}
