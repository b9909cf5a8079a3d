import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "./ports.mjs";

const listen = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(port, "127.0.0.1", () => resolve(server));
  });

it("takes the next port when the wanted one is taken", async () => {
  const taken = await listen(0);
  const wanted = taken.address().port;
  const port = await freePort(wanted);
  expect(port).not.toBe(wanted);
  (await listen(port)).close();
  taken.close();
});
