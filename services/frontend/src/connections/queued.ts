import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * For every request: a client may send more of them before the first is answered, and Node tells an answer whose turn has not
 * come nothing of the end of its connection. It is closed here, so that whoever writes it, or waits for it, hears of it.
 */
export function closeWithConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.socket) return; // its turn has come: Node does it
  const gone = (): void => {
    if (response.socket || response.destroyed) return;
    response.destroy();
    response.emit("close");
  };
  socket.setMaxListeners(0).once("close", gone); // as many as the client has sent requests
  response.once("close", () => socket.off("close", gone));
}
