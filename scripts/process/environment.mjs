/**
 * What a process of ours inherits from the environment of the user. Everything else stays outside: a PYTHONPATH, a NODE_OPTIONS or a PIP_USER
 * that the user has set for other programs must not change what ours do. A name that ends with * stands for all names that begin so.
 * docs/decisions/processes-get-an-environment-of-their-own.md says why.
 */

/** Every process: where programs and files are, whose they are, and how to write language and time. */
const EVERYWHERE = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "XDG_*"],
  ...["LANG", "LANGUAGE", "LC_*", "LOCALE_ARCHIVE", "TZ", "TZDIR", "TERM", "NO_COLOR"],
  // Certificates that a company adds to the system's own.
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "NIX_SSL_CERT_FILE"],
  // Hardware on which a library picks instructions that do not work; the processor is the same for all processes.
  ...["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NPY_DISABLE_CPU_FEATURES", "GLIBC_TUNABLES"],
  // Version managers: `python3` and `node` on PATH may be programs of theirs, which look here for the real one.
  ...["PYENV_ROOT", "PYENV_VERSION", "PYENV_DIR", "ASDF_*", "MISE_*", "NVM_DIR", "NVM_BIN", "VOLTA_HOME", "FNM_*", "NODENV_ROOT", "NODENV_VERSION", "NIX_LD*"],
];

/** What reaches the internet. The other parts of the platform speak only to each other, never through a proxy. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/** Where npm, pip and uv find packages, how they log in there, and where they keep downloads; nothing that changes how or where they install. */
const REGISTRIES = [
  ...["npm_config_registry", "npm_config_@*", "npm_config_//*", "npm_config__auth*", "npm_config_userconfig", "npm_config_globalconfig", "npm_config_cache"],
  ...["npm_config_proxy", "npm_config_https_proxy", "npm_config_noproxy", "npm_config_ca", "npm_config_cafile", "npm_config_cert", "npm_config_key"],
  ...["npm_config_strict_ssl", "npm_config_fetch_*", "npm_config_maxsockets", "NPM_TOKEN", "NODE_AUTH_TOKEN"],
  ...["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST", "PIP_PROXY", "PIP_TIMEOUT"],
  ...["PIP_DEFAULT_TIMEOUT", "PIP_RETRIES", "PIP_CACHE_DIR", "PIP_CONFIG_FILE", "PIP_KEYRING_PROVIDER"],
  ...["UV_INDEX", "UV_INDEX_*", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_KEYRING_PROVIDER", "UV_CREDENTIALS_DIR", "UV_NATIVE_TLS"],
  ...["UV_SYSTEM_CERTS", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_LINK_MODE", "UV_CONCURRENT_*"],
];

/** Limits of what may be asked for: the frontend and dispatch must agree. */
const LIMITS = ["MAX_STEPS", "MAX_RUNS", "MAX_ENSEMBLE_STEPS"];

/** The account at a Redis that the user names; for a Valkey of ours each part is given its own. */
const ACCOUNT = ["REDIS_USERNAME", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE"];

/**
 * What each kind of process keeps beyond `EVERYWHERE`. Addresses and ports are not here: the launcher gives them to each part.
 */
const KEPT = /** @type {const} */ ({
  /** Valkey, and anything else that needs no setting. */
  plain: [],
  frontend: [...LIMITS, ...ACCOUNT, "MEMORY_CACHE_BYTES", "HOLD_MS", "DRAIN_MS", "LOG_LEVEL"],
  scheduler: [...LIMITS, "PORTA_MAX_FLIGHTS", "PORTA_MAX_WAITERS"],
  workers: [...LIMITS, ...ACCOUNT],
  // A notebook's user may fetch from the internet, and JupyterLab has a terminal for git and an editor.
  jupyter: [...LIMITS, ...ACCOUNT, ...PROXIES, "SSH_AUTH_SOCK", "EDITOR", "VISUAL", "PAGER"],
  installer: [...PROXIES, ...REGISTRIES],
  // Tests run installers too, need a browser, and make environments with the Python that the user has chosen.
  tests: [
    ...[...PROXIES, ...REGISTRIES, "PORTA_HOME", "PORTA_PYTHON", "PORTA_TEST_*", "CHROME_PATH", "PLAYWRIGHT_*", "CI"],
    ...["KUBECONFIG", "TERRAFORM_BINARY_NAME", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "GIT_CONFIG_*", "GIT_SSL_CAINFO"],
    // Where Go finds the sources of a scanner.
    ...["GOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE"],
  ],
});

/** @typedef {keyof typeof KEPT} Purpose */

/** @type {readonly string[]} */
export const settingsOfParts = [...new Set([...KEPT.frontend, ...KEPT.scheduler, ...KEPT.workers])];

/**
 * Set for every process. Configuration files can say the same as variables: for the options of pip and npm that would put packages elsewhere
 * or nowhere, a variable is stronger than a file.
 * @type {Record<string, string>}
 */
const FIXED = { PYTHONNOUSERSITE: "1", PYTHONUTF8: "1" };
const FIXED_FOR_INSTALLERS = {
  PIP_USER: "0",
  npm_config_global: "false",
  npm_config_location: "user",
  npm_config_dry_run: "false",
  npm_config_package_lock: "true",
  npm_config_bin_links: "true",
};

/** Loopback, as programs look for it in NO_PROXY. Not [::1]: httpx refuses to start with it. */
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1"];

/**
 * @param {Purpose} [purpose]
 * @param {NodeJS.ProcessEnv} [given]
 * @returns {Record<string, string>} the environment of a process that serves this purpose
 */
export function environmentFor(purpose = "plain", given = process.env) {
  const kept = [...EVERYWHERE, ...KEPT[purpose]];
  /** @param {string} given npm takes its own variables in any case */
  const keeps = (given) => {
    const name = /^npm_config_/i.test(given) ? given.toLowerCase() : given;
    return kept.some((entry) => (entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : name === entry));
  };
  const inherited = Object.entries(given).flatMap(([name, value]) => (value !== undefined && keeps(name) ? [[name, value]] : []));
  const installs = purpose === "installer" || purpose === "tests";
  return { ...Object.fromEntries(inherited), ...FIXED, ...(installs ? FIXED_FOR_INSTALLERS : {}), ...withoutProxy(given) };
}

/**
 * @param {NodeJS.ProcessEnv} [given]
 * @returns {{ NO_PROXY: string, no_proxy: string }} the user's own exceptions, and loopback: no call to this machine goes through a proxy
 */
export function withoutProxy(given = process.env) {
  const own = [given.no_proxy, given.NO_PROXY].flatMap((text) => (text ?? "").split(/[\s,]+/)).filter((entry) => entry !== "");
  // A star means everything, but only where it stands alone.
  const exceptions = own.includes("*") ? "*" : [...new Set([...own, ...LOOPBACK_NAMES])].join(",");
  // Programs read one or the other.
  return { NO_PROXY: exceptions, no_proxy: exceptions };
}
