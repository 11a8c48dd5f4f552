/**
 * @typedef {object} Image
 * @property {ImageName} name as it is called in references and on the command line
 * @property {string} dockerfile path in the checkout
 * @property {readonly string[]} inputs files and folders that its Dockerfile copies from: these make up its tag, and the builder gets nothing else
 * @property {string} variable under which the stacks know its reference
 */

/** @typedef {"frontend" | "python"} ImageName */

/** What the images are called in a registry, before their own name. */
const PROJECT = "porta";

/** The registry part of what is built for this machine only: a name that no tool takes for a place to fetch from. */
const LOCAL = "localhost";

/** @type {Record<ImageName, Image>} */
export const IMAGES = {
  frontend: {
    name: "frontend",
    dockerfile: "images/frontend/Dockerfile",
    inputs: [
      "images/frontend",
      "package.json",
      "package-lock.json",
      ".npmrc",
      "tsconfig.json",
      "services/frontend",
      "services/propagation/src/porta/contract.json",
      "services/propagation/src/porta/redis-troubles.json",
    ],
    variable: "FRONTEND_IMAGE",
  },
  python: {
    name: "python",
    dockerfile: "images/python/Dockerfile",
    inputs: [
      "images/python",
      "services/propagation/README.md",
      "services/propagation/pyproject.toml",
      "services/propagation/requirements-build.lock",
      "services/propagation/requirements-jupyter.lock",
      "services/propagation/notebooks",
      "services/propagation/src",
    ],
    variable: "PYTHON_IMAGE",
  },
};

/**
 * @param {Image} image
 * @param {string} tag
 * @returns {string} its reference on this machine
 */
export const localReference = (image, tag) => `${LOCAL}/${repository(image)}:${tag}`;

/**
 * @param {Image} image
 * @returns {string} its name in any registry
 */
export const repository = (image) => `${PROJECT}/${image.name}`;
