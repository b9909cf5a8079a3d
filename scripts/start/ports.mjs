import { createServer } from "node:net";

/** The wanted port on loopback if it is free, else the next free one of the following twenty, else any. 0 asks for any. */
export async function freePort(wanted) {
  if (wanted !== 0) {
    for (let port = wanted; port <= wanted + 20; port++) if (await canListen(port)) return port;
  }
  return await canListen(0);
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(0));
    server.listen(port, "127.0.0.1", () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}
