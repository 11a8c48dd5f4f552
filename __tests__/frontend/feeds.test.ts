import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Feeds } from "../../services/frontend/src/feeds";
import { until } from "../support";

test("a slow reader of events gets a whole picture when it has caught up, and its buffer stays bounded", () => {
  // Node's own buffers hide a paused reader, so the stream is looked at from inside.
  const written: string[] = [];
  const raw = { writableLength: 0, writeHead: () => raw, write: (text: string) => written.push(text), once: () => raw };
  const feed = new Feeds().open(raw as never);
  const news = (done: number): never => ({ done, total: 9, rate: null, eta: null, k: 0, windows: [] }) as never;
  raw.writableLength = 300 * 1024;
  for (let done = 1; done < 5; done++) feed.progress(news(done), news(100 + done));
  expect(written).toHaveLength(1);
  raw.writableLength = 0;
  feed.progress(news(5), news(105));
  feed.progress(news(6), news(106));
  expect(written.slice(1).map((text) => (JSON.parse(text.split("data: ")[1] as string) as { done: number }).done)).toEqual([105, 6]);
});


test("a reader that has not read the end yet gets no heartbeat after it, but all that came before", async () => {
  const feeds = new Feeds(10);
  const responses: ServerResponse[] = [];
  const server = createServer((_request, response) => void responses.push(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let text = "";
  client.on("data", (data) => (text += data.toString("latin1"))).pause();
  client.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  try {
    const raw = await until(() => responses[0], { what: "the request is there" });
    const errors: Error[] = [];
    raw.on("error", (error) => errors.push(error));
    const feed = feeds.open(raw);
    const news = { done: 1, total: 2, rate: null, eta: null, overview: "x".repeat(100_000) };
    // Until the buffers of both sockets are full, and stay so.
    let full = 0;
    const fill = (): boolean => {
      full = raw.writableLength > 200_000 ? full + 1 : 0;
      if (full === 0) feed.progress({ ...news }, news);
      return full > 5;
    };
    await until(fill, { what: "the reader is behind" });
    feed.ready(Buffer.from("{}"));
    const beat = jest.spyOn(feed, "beat");
    await until(() => beat.mock.calls.length > 3, { what: "hearts have beaten" });
    expect([raw.writableEnded, raw.writableFinished, errors]).toEqual([true, false, []]);
    client.resume();
    await until(() => text.includes("event: ready\ndata: {}\n\n"), { what: "the reader has read the end" });
    await until(() => feeds.count === 0, { what: "the stream is over" });
    expect(errors).toEqual([]);
  } finally {
    client.destroy();
    server.close();
  }
});
