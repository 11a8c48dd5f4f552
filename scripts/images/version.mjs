import { Problem } from "../problem.mjs";

/** A release, as semver.org writes it. No pre-releases: `latest` is the highest version, always. */
const RELEASE = /^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$/;

/**
 * @param {string} text
 * @returns {string}
 * @throws {Problem} when it is no release
 */
export function checkVersion(text) {
  if (RELEASE.test(text)) return text;
  throw new Problem(`--version is "${text}": allowed is a release as in semver.org, X.Y.Z without leading zeros or a "v", such as 1.4.0.`);
}

/**
 * @param {readonly string[]} tags what a registry has of an image
 * @returns {string | undefined} the highest release among them
 */
export function highest(tags) {
  return tags.filter((tag) => RELEASE.test(tag)).sort(compare).at(-1);
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} above 0 if `a` is the higher one
 */
export function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  return (left ?? []).map((part, index) => part - (right?.[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/**
 * @param {string} version
 * @param {readonly { name: string, last: string | undefined }[]} images with the last release of each
 * @throws {Problem} unless it is higher than each
 */
export function requireHigher(version, images) {
  const ahead = images.filter(({ last }) => last !== undefined && compare(version, last) <= 0);
  if (ahead.length === 0) return;
  const [major = 0, minor = 0, patch = 0] = (highest(ahead.map(({ last }) => last ?? "")) ?? "").split(".").map(Number);
  const next = [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
  const behind = images.filter((image) => !ahead.includes(image));
  throw new Problem(
    `--version ${version} is not higher than what is released: ${ahead.map(({ name, last }) => `${name} ${last}`).join(", ")}.\n` +
      `Next would be ${next.join(", ")}.` +
      (behind.length === 0 ? "" : ` Or, to end a push that was interrupted: --image ${behind.map(({ name }) => name).join(", then --image ")}.`),
  );
}
