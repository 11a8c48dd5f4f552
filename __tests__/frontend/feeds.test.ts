import { Feeds } from "../../services/frontend/src/feeds";

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

