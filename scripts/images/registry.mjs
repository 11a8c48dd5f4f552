import { Problem } from "../problem.mjs";
import { credentials } from "./credentials.mjs";

/** What a registry answers is small; one that takes longer is away. */
const TIMEOUT_MS = 15_000;

/** As Docker has it: a registry on this machine needs no TLS. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/** Kinds of manifests that a tag may stand for. */
const MANIFESTS = [
  ...["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"],
  ...["application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json"],
].join(", ");

/** A place that images are pushed to: what it holds, by the distribution protocol (github.com/opencontainers/distribution-spec). */
export class Registry {
  /**
   * @param {string} text host[:port][/path], as references have it; http:// or https:// before it settles what is otherwise told from the host
   * @param {NodeJS.ProcessEnv} env
   * @throws {Problem}
   */
  constructor(text, env) {
    const [, scheme, host = "", path] = /^(?:(https?):\/\/)?([a-z0-9.-]+(?::\d{1,5})?|\[::1\](?::\d{1,5})?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/.exec(text) ?? [];
    // Docker takes a first part without dot or port for a user of its own registry.
    if (!/[.:]|^localhost$/.test(host)) {
      throw new Problem(
        `--push is "${text}": allowed is a registry's host, with port and path where it has them, such as localhost:5000 or ghcr.io/acme; ` +
          "http:// before it for one without TLS.",
      );
    }
    this.host = host;
    this.path = path ?? "";
    this.plainHttp = scheme === undefined ? LOOPBACK.test(host) : scheme === "http";
    this.env = env;
    /** @type {Map<string, string>} Authorization by repository */
    this.authorizations = new Map();
  }

  /**
   * @param {string} repository
   * @param {string} tag
   * @returns {string}
   */
  reference(repository, tag) {
    return `${this.host}${this.path}/${repository}:${tag}`;
  }

  /**
   * @param {string} repository
   * @returns {Promise<string[]>} none where there is no such repository yet
   * @throws {Problem}
   */
  async tags(repository) {
    const tags = [];
    /** @type {string | undefined} */
    let next = `/v2${this.path}/${repository}/tags/list?n=1000`;
    while (next !== undefined) {
      const response = await this.#get(next, repository);
      if (response.status === 404) break;
      if (!response.ok) throw this.#unexpected(response);
      tags.push(.../** @type {{ tags: string[] | null }} */ (await response.json()).tags ?? []);
      const link = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
      next = link === undefined ? undefined : new URL(link, response.url).href.slice(new URL(response.url).origin.length);
    }
    return tags;
  }

  /**
   * @param {string} repository
   * @param {string} tag
   * @returns {Promise<string>} the digest of what the tag stands for
   * @throws {Problem} when there is no such tag
   */
  async digest(repository, tag) {
    const response = await this.#get(`/v2${this.path}/${repository}/manifests/${tag}`, repository, { method: "HEAD", accept: MANIFESTS });
    if (!response.ok) throw this.#unexpected(response);
    return response.headers.get("docker-content-digest") ?? "";
  }

  /**
   * @param {string} path
   * @param {string} repository
   * @param {{ method?: string, accept?: string }} [options]
   */
  async #get(path, repository, { method = "GET", accept = "application/json" } = {}) {
    const ask = async () => {
      const authorization = this.authorizations.get(repository);
      return this.#fetch(`${this.plainHttp ? "http" : "https"}://${this.host}${path}`, {
        method,
        headers: { accept, ...(authorization === undefined ? {} : { authorization }) },
      });
    };
    const response = await ask();
    if (response.status !== 401) return response;
    this.authorizations.set(repository, await this.#authorization(response));
    return ask();
  }

  /**
   * Answers a registry's challenge with what the user has logged in with, or as nobody.
   * @param {Response} response 401
   * @returns {Promise<string>}
   */
  async #authorization(response) {
    const challenge = response.headers.get("www-authenticate") ?? "";
    const known = credentials(this.host, this.env);
    const basic = known === undefined ? undefined : `Basic ${Buffer.from(`${known.user}:${known.password}`).toString("base64")}`;
    if (/^basic/i.test(challenge)) {
      if (basic !== undefined) return basic;
      throw new Problem(`${this.host} wants a login, and there is none: \`docker login ${this.host}\` (or podman, or buildah) first.`);
    }
    const { realm, ...query } = Object.fromEntries([...challenge.matchAll(/([a-z]+)="([^"]*)"/gi)].map(([, key, value]) => [key, value]));
    if (realm === undefined) throw this.#unexpected(response);
    const answer = await this.#fetch(`${realm}?${new URLSearchParams(query)}`, basic === undefined ? {} : { headers: { authorization: basic } });
    if (!answer.ok) throw new Problem(`${this.host} does not take your login (${answer.status} from ${new URL(realm).host}): log in again.`);
    const { token, access_token } = /** @type {{ token?: string, access_token?: string }} */ (await answer.json());
    return `Bearer ${token ?? access_token}`;
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #fetch(url, init) {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new Problem(
        `The registry does not answer at ${new URL(url).origin}: ${reason(error)}.\n` +
          `Is it running, and is ${this.plainHttp ? "plain http" : "https"} what it speaks? --push ${this.plainHttp ? "https" : "http"}://… takes the other.`,
      );
    }
  }

  /** @param {Response} response */
  #unexpected(response) {
    const meaning = { 401: "a login that it does not take", 403: "a login that may not", 404: "what it does not have" }[response.status];
    return new Problem(`The registry answers ${response.status} to ${response.url}${meaning === undefined ? "" : ` (${meaning})`}.`);
  }
}

/**
 * @param {unknown} error fetch's, which says why in its cause: a code, where that has no text of its own
 * @returns {string}
 */
function reason(error) {
  const { message, cause } = /** @type {{ message: string, cause?: { message?: string, code?: string } }} */ (error);
  return cause?.message || cause?.code || message;
}
