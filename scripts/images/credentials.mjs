import { homedir } from "node:os";
import { join } from "node:path";
import { readJson } from "../setup/files.mjs";
import { capture } from "./capture.mjs";

/** @typedef {{ user: string, password: string }} Credentials */

/** @typedef {{ auths?: Record<string, { auth?: string }>, credHelpers?: Record<string, string>, credsStore?: string }} Logins */

/**
 * Where docker, podman and buildah keep the logins that they push with.
 * @param {NodeJS.ProcessEnv} env
 */
const loginFiles = (env) =>
  [
    env.REGISTRY_AUTH_FILE,
    env.XDG_RUNTIME_DIR && join(env.XDG_RUNTIME_DIR, "containers", "auth.json"),
    join(env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker"), "config.json"),
  ].filter((path) => path !== undefined && path !== "");

/**
 * @param {string} host a registry's, with its port
 * @param {NodeJS.ProcessEnv} env
 * @returns {Credentials | undefined} what the user has logged in with
 */
export function credentials(host, env) {
  for (const file of loginFiles(env)) {
    const logins = /** @type {Logins | undefined} */ (readJson(/** @type {string} */ (file)));
    const helper = logins?.credHelpers?.[host] ?? logins?.credsStore;
    const found = (helper === undefined ? undefined : fromHelper(helper, host, env)) ?? fromFile(logins?.auths?.[host]?.auth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * @param {string | undefined} auth base64 of user:password
 * @returns {Credentials | undefined}
 */
function fromFile(auth) {
  const [, user, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(auth ?? "", "base64").toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}

/**
 * @param {string} helper
 * @param {string} host
 * @param {NodeJS.ProcessEnv} env
 * @returns {Credentials | undefined}
 */
function fromHelper(helper, host, env) {
  try {
    const { Username, Secret } = JSON.parse(capture(`docker-credential-${helper}`, ["get"], { env, input: host }));
    return { user: Username, password: Secret };
  } catch {
    return undefined; // it knows no such host
  }
}
