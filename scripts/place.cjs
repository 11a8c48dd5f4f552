// Loaded before the first module of `npm start` and `npm test`: Node itself cannot load modules from below a folder with a backslash in its name,
// and would show a stack trace. CommonJS, and nothing newer than what old Nodes read.
/* eslint-disable @typescript-eslint/no-require-imports */
var path = require("path");

require("./package-manager.cjs");

/** What can be in the name of a folder, and with which a tool that we need cannot work. */
var IMPOSSIBLE = [
  { sign: /\\/, name: "a backslash", why: "Node does not load modules from there" },
  { sign: /:/, name: "a colon", why: "it separates the entries of PATH, and Python makes no environment there" },
  { sign: /\?/, name: "a question mark", why: "Vite, which builds the page, takes what follows for a query" },
  // eslint-disable-next-line no-control-regex
  { sign: /[\x00-\x1f\x7f]/, name: "a line break or another control character", why: "uv does not install from there" },
];

var checkout = path.dirname(__dirname);
var found = IMPOSSIBLE.filter(function (one) {
  return one.sign.test(checkout);
})[0];

if (found !== undefined) {
  console.error(
    "\n  Porta cannot run from " + JSON.stringify(checkout) + ": there is " + found.name + " in that path, and " + found.why + ".\n" +
      "  Move the checkout into a folder without it; spaces and all other signs are fine.\n",
  );
  process.exit(1);
}
