import { expect, test } from "vitest";
import { encodeCsv } from "./encode-csv.js";

async function csvOf(values: (string | null)[], numbers: number[]): Promise<string> {
  const batches = (async function* () {
    yield { length: values.length, columns: [values, numbers] };
  })();
  const fields = [
    { name: "=name", type: "text" },
    { name: "value", type: "number" },
  ] as const;
  const parts: Uint8Array[] = [];
  for await (const part of encodeCsv({ fields, batches })) parts.push(part);
  return Buffer.concat(parts).toString();
}

test("no text is one that a spreadsheet would run; numbers stay numbers", async () => {
  const hostile = ["=cmd()", "+1", "-1", "@SUM(A1)", "\ttab", "\rreturn", "=a,b", "plain", null];
  expect(await csvOf(hostile, [-1.5, 0, 0, 0, 0, 0, 0, 0, 0])).toBe(
    [
      ...["'=name,value", "'=cmd(),-1.5", "'+1,0", "'-1,0", "'@SUM(A1),0", "'\ttab,0"],
      ...['"\'\rreturn",0', '"\'=a,b",0', "plain,0", ",0", ""],
    ].join("\r\n"),
  );
});
