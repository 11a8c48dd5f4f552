import { identify, isRunning, lookUp } from "../process/table.mjs";

const POLL_MS = 500;

const SHELLS = ["sh", "dash", "bash", "ash", "zsh", "ksh", "busybox"];

/**
 * Calls back when the npm that runs us has ended without a word. A killed npm cannot tell us, and nobody else would end what we started.
 * Started without npm we belong to nobody: a shell may well end before us.
 * @param {() => void} gone
 * @param {() => boolean} mayEnd whether npm has ended with its terminal, and we go on
 */
export function watchNpm(gone, mayEnd) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watched = [identify(process.ppid)];
  const parent = lookUp(process.ppid);
  // npm starts scripts through a shell, which may or may not have become us.
  if (parent !== undefined && SHELLS.includes(parent.name)) watched.push(identify(parent.parent));
  let seenGone = false;
  const timer = setInterval(() => {
    if (watched.every(isRunning)) return;
    // A signal that ended npm may be on its way to us too: it has the time until the next look.
    if (!seenGone) {
      seenGone = true;
      return;
    }
    clearInterval(timer);
    if (!mayEnd()) gone();
  }, POLL_MS);
  timer.unref();
}
