// Porta is set up with npm, from npm's lock file. Other package managers would install something else first, or take our scripts for theirs: who types
// one of them is told what to type. pnpm reads `devEngines` in package.json, and refuses by itself; Yarn runs this file in its own place, by `yarnPath`
// in .yarnrc.yml; under Bun and old versions of pnpm it is loaded before `npm start` and `npm test`. CommonJS, for old Nodes as well.
/* eslint-disable @typescript-eslint/no-require-imports */
var path = require("path");

/** Under each of them `npm_execpath` is the program that runs the script. Its user agent says less: npm hands on the one that it inherits. */
var OTHERS = /^(pnpm|pnpx|pn|yarn|yarnpkg|bun|bunx)\b/;

/**
 * @param {string} manager
 * @param {string} script
 * @param {string[]} args
 */
function refuse(manager, script, args) {
  var command = /^(start|test)$/.test(script) ? "npm " + script : script === "" || script === "install" ? "npm start" : "npm run " + script;
  console.error("\n  Porta is set up with npm, not with " + manager + ". Type: " + command + (args.length > 0 ? " -- " + args.join(" ") : "") + "\n");
  process.exit(1);
}

if (require.main === module) {
  var words = process.argv.slice(2).filter(function (word) {
    return word !== "run";
  });
  refuse("Yarn", words[0] || "", words.slice(1));
} else {
  var found = OTHERS.exec(path.basename(process.env.npm_execpath || ""));
  if (found !== null) refuse(found[0], process.env.npm_lifecycle_event || "start", process.argv.slice(2));
}
