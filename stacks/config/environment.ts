import { existsSync } from "node:fs";
import { join } from "node:path";
import { settingsOfStart, suggestion } from "../../scripts/setting-names.mjs";
import { ConfigError } from "./config";
import { type EnvFile, readEnvFile } from "./env-file";
import { variables } from "./variables";

/**
 * The environment, over the project's `.env`, over the names of the images that were built last.
 * @param tell gets a remark, for a person, on each thing in `.env` that counts for nothing
 * @throws ConfigError where a file cannot be read
 */
export function environment(project: string, tell: (remark: string) => void = console.error): Record<string, string | undefined> {
  const images = read(project, ".porta/images.env").values;
  const { values, remarks } = read(project, ".env");
  const names = Object.keys(variables);
  // One file may hold the settings of `npm start` too, for a tool that puts them into the environment.
  const unknown = Object.keys(values).filter((name) => !names.includes(name) && !settingsOfStart.includes(name));
  for (const remark of remarks) tell(`.env: ${remark}.`);
  for (const name of unknown) tell(`.env: ${name} is not a variable that is read from there, and is ignored.${suggestion(name, names)}`);
  return { ...images, ...values, ...process.env };
}

function read(project: string, name: string): EnvFile {
  const path = join(project, name);
  if (!existsSync(path)) return { values: {}, remarks: [] };
  try {
    return readEnvFile(path);
  } catch (error) {
    throw new ConfigError([`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
