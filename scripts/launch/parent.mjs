import { identify, isRunning, lookUp } from "../process/table.mjs";

const POLL_MS = 500;

const SHELLS = ["sh", "dash", "bash", "ash", "zsh", "ksh", "busybox"];

/**
 * Calls back when the npm that runs us has ended without a word. A killed npm cannot tell us, and nobody else would end what we started.
 * Started without npm we belong to nobody: a shell may well end before us.
 * @param {() => void} gone
 */
export function watchNpm(gone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watched = [identify(process.ppid)];
  const parent = lookUp(process.ppid);
  // npm starts scripts through a shell, which may or may not have become us.
  if (parent !== undefined && SHELLS.includes(parent.name)) watched.push(identify(parent.parent));
  const timer = setInterval(() => {
    if (watched.every(isRunning)) return;
    clearInterval(timer);
    gone();
  }, POLL_MS);
  timer.unref();
}
