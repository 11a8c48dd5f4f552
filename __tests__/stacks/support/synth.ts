import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { platform } from "../../../main";
import { readConfig } from "../../../stacks/config/config";
import { Platform, type StackJson } from "./platform";

/** Synthesizes the whole app, offline, as `npm run synth` does. Returns the folder that Terraform would read. */
export function synthesize(env: Record<string, string> = {}): string {
  const app = Testing.app();
  platform(app, readConfig(env));
  app.synth();
  return app.outdir;
}

/** Synthesizes, and reads what came of it. */
export function synth(env: Record<string, string> = {}): Platform {
  const folder = synthesize(env);
  const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));
  const { stacks } = read("manifest.json") as {
    stacks: Record<string, { synthesizedStackPath: string; dependencies: string[] }>;
  };
  return new Platform(Object.fromEntries(Object.entries(stacks).map(([name, { synthesizedStackPath, dependencies }]) => [
    name, { ...(read(synthesizedStackPath) as Omit<StackJson, "dependencies">), dependencies },
  ])));
}
