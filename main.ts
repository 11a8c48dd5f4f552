import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { App } from "cdktf";
import { type Config, ConfigError, readConfig } from "./stacks/config/config";
import { DaskStack } from "./stacks/dask";
import { FrontendStack } from "./stacks/frontend";
import { JupyterStack } from "./stacks/jupyter";
import { NamespaceStack } from "./stacks/namespace";
import { RedisStack } from "./stacks/redis";

/** The platform: its stacks, in the order in which they go up. */
export function platform(app: App, config: Config): void {
  const namespace = new NamespaceStack(app, config);
  const redis = new RedisStack(app, config, { namespace });
  const dask = new DaskStack(app, config, { namespace, redis });
  new JupyterStack(app, config, { namespace, redis, dask });
  new FrontendStack(app, config, { namespace, redis, dask });
}

/** The environment, over `.env`, over the tags of the images that were built last. */
function environment(): Record<string, string | undefined> {
  const files = [".porta/images.env", ".env"].map((file) => join(__dirname, file)).filter(existsSync);
  return Object.assign({}, ...files.map((file) => parseEnv(readFileSync(file, "utf8"))), process.env);
}

if (require.main === module) {
  try {
    const app = new App();
    platform(app, readConfig(environment()));
    app.synth();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
  if (!existsSync(join(__dirname, "secrets.auto.tfvars.json"))) {
    console.error("There are no secrets yet, and cdktf deploy would stop for them: `npm run deploy` makes them first.");
  }
}
