/** Real parts for tests: each starts as `npm start` starts it, on free ports, and ends with everything that it started. */
export * from "./browser";
export * from "./frontend";
export * from "./platform";
export * from "./pool";
export * from "./redis";
export * from "./valkey";
export { until } from "../../scripts/process/wait.mjs";
export { freePort, freePorts } from "../../scripts/process/ports.mjs";
