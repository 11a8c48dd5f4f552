import { request, type ClientRequest } from "node:http";

export interface Event {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** A client of an event stream. */
export interface Follower {
  readonly events: Event[];
  readonly text: string;
  /** The server has ended the stream. */
  readonly ended: boolean;
  leave(): void;
}

export function follow(url: string): Follower {
  const state = { events: [] as Event[], text: "", ended: false };
  let rest = "";
  const outgoing: ClientRequest = request(url, { agent: false }, (response) => {
    response.setEncoding("utf8");
    response.on("error", () => undefined);
    response.on("data", (part: string) => {
      state.text += part;
      rest += part;
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        const [, name, data] = /^event: (.*)\ndata: ([^]*)$/.exec(rest.slice(0, end)) ?? [];
        if (name) state.events.push({ name, data: JSON.parse(data as string) as Record<string, unknown> });
        rest = rest.slice(end + 2);
      }
    });
    response.on("end", () => (state.ended = true));
  });
  outgoing.on("error", () => undefined);
  outgoing.end();
  return Object.assign(state, { leave: () => void outgoing.destroy() });
}
