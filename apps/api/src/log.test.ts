import { expect, it } from "vitest";
import { createLog } from "./log.js";

it("writes one JSON object a line with level, time and details, whatever the words hold", () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  log('The database is away.\nTwice, "so to speak".', { level: "error", requestId: "a1" });
  log("It is back.");
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  const [first, second] = lines.map((line) => JSON.parse(line));
  expect(first).toEqual({
    level: "error",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    requestId: "a1",
    msg: 'The database is away.\nTwice, "so to speak".',
  });
  expect(second).toMatchObject({ level: "info", msg: "It is back." });
});
