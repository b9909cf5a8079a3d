import { decodeServerRecords, encodeWriterRecords, ingestSubprotocol } from "@residual/shared";
import { WebSocket } from "ws";

/**
 * `writers` that each keep up to `inFlight` frames unacknowledged, over a few sockets, for `seconds`. `packed(step)`: the frame of a writer's seq.
 * Resolves to how many frames were acknowledged, and how long that took.
 */
export async function socketLoad({ origin, key, runs, writers, inFlight, seconds, sockets = 4, packed }) {
  const perSocket = Math.ceil(writers / sockets);
  const started = performance.now();
  const until = started + seconds * 1_000;
  const loads = Array.from({ length: sockets }, (_, s) => {
    const own = Array.from({ length: Math.min(perSocket, writers - s * perSocket) }, (_, w) => s * perSocket + w);
    return oneSocket({ origin, key, runs, writers: own, inFlight, until, packed });
  });
  const acked = (await Promise.all(loads)).reduce((sum, count) => sum + count, 0);
  return { frames: acked, seconds: (performance.now() - started) / 1_000 };
}

function oneSocket({ origin, key, runs, writers, inFlight, until, packed }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace("http", "ws")}/graphql`, ingestSubprotocol, {
      headers: { authorization: `Bearer ${key}` },
      perMessageDeflate: false,
    });
    const sent = new Map(writers.map((writer) => [writer, 0]));
    const acked = new Map(writers.map((writer) => [writer, 0]));
    const fill = () => {
      const records = [];
      if (performance.now() < until)
        for (const writer of writers)
          while (sent.get(writer) - acked.get(writer) < inFlight) {
            const seq = sent.get(writer) + 1;
            sent.set(writer, seq);
            records.push({ kind: "frame", channel: writer, seq, bytes: packed(seq) });
          }
      if (records.length > 0) socket.send(encodeWriterRecords(records));
      else if (writers.every((writer) => sent.get(writer) === acked.get(writer))) socket.close();
    };
    socket.on("open", () => {
      const opens = writers.map((writer) => ({
        kind: "open",
        channel: writer,
        leaseGeneration: 0,
        run: runs[writer % runs.length],
        writer: `socket-${writer}-${until}`,
      }));
      socket.send(encodeWriterRecords(opens));
      fill();
    });
    socket.on("message", (data) => {
      for (const record of decodeServerRecords(data)) {
        if (record.kind === "refusal") return reject(new Error(record.refusal.message));
        acked.set(record.channel, record.ackedSeq);
      }
      fill();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve([...acked.values()].reduce((sum, seq) => sum + seq, 0)));
  });
}
