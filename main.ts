import { App } from "cdktf";
import { handOverSecrets } from "./scripts/deploy/hand-over";
import { type Config, ConfigError, readConfig } from "./stacks/config/config";
import { environment } from "./stacks/config/environment";
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

if (require.main === module) {
  try {
    const app = new App();
    platform(app, readConfig(environment(__dirname)));
    app.synth();
    if (!handOverSecrets(__dirname, app.outdir)) {
      console.error("No secrets yet: `npm run secrets` makes them, `npm run deploy` does so by itself; cdktf deploy stops without.");
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
