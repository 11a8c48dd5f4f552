import { pathToFileURL } from "node:url";
import { join } from "node:path";

/** A folder's name with what shells, URLs, search paths and configuration files read in their own way; each of it is legal in a path. */
export const AWKWARD = `C++ C# it's %20 "$HOME" ;&=[a]{b}(c) \u00e9e\u0301 \u{1f6f0} -x`;

/** What `import()` takes of a file: a path would be read as a URL's. */
export const moduleAt = (...path: string[]): string => JSON.stringify(pathToFileURL(join(...path)).href);
