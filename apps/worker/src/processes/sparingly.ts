import type { JobNews } from "./job-messages.js";

/** Images are counted one by one; a sign of life for each would be half a million messages. */
const INTERVAL_MS = 250;

/** Passes news on, of signs of life that say the same only one in a quarter of a second. */
export function sparingly(send: (news: JobNews) => void): (news: JobNews) => void {
  let last: boolean | undefined;
  let sentAt = 0;
  return (news) => {
    if (news.kind === "alive") {
      const now = performance.now();
      if (news.isAtBatches === last && now - sentAt < INTERVAL_MS) return;
      last = news.isAtBatches;
      sentAt = now;
    }
    send(news);
  };
}
