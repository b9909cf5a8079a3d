import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeArrow } from "./encode-arrow.js";
import { encodeParquet } from "./encode-parquet.js";
import type { ExportTable } from "./export-table.js";

const python = process.env.RESIDUAL_TEST_PYTHON ?? "python3";
const hasPyarrow = spawnSync(python, ["-c", "import pyarrow.parquet, pandas"]).status === 0;

/** Prints what pandas reads of a file, a line a row. */
const script = `
import sys, pandas, pyarrow.ipc
path = sys.argv[1]
frame = pandas.read_parquet(path) if path.endswith("parquet") else pyarrow.ipc.open_stream(path).read_pandas()
print("|".join(str(t) for t in frame.dtypes))
for row in frame.itertuples(index=False): print("|".join(str(v) for v in row))
`;

function table(): ExportTable {
  async function* batches() {
    yield {
      length: 3,
      columns: [
        Int32Array.of(0, 1, 1),
        Float64Array.of(0, 2 ** 32 + 1, 2 ** 53 - 1),
        Float64Array.of(0, 1.5, 1_700_000_000_000.25),
        Float64Array.of(Number.NaN, Number.NEGATIVE_INFINITY, 0.1),
        ["ä", null, "b"],
        [null, 2 ** 40, -1],
        [true, null, false],
      ],
    };
    yield {
      length: 1,
      columns: [Int32Array.of(0), Float64Array.of(7), Float64Array.of(-1), Float64Array.of(-0), [null], [1], [null]],
    };
  }
  return {
    fields: [
      { name: "run", type: "label", labels: ["first", "second"] },
      { name: "step", type: "integer" },
      { name: "time", type: "time" },
      { name: "value", type: "number" },
      { name: "text", type: "text" },
      { name: "count", type: "integer" },
      { name: "flag", type: "boolean" },
    ],
    batches: batches(),
  };
}

describe.skipIf(!hasPyarrow)(
  "pandas reads (needs a Python with pyarrow and pandas; RESIDUAL_TEST_PYTHON names it)",
  () => {
    it.each([
      ["arrow", encodeArrow, "category"],
      ["parquet", encodeParquet, "str"],
    ] as const)(
      "%s exactly: integers above 2^32, microseconds, NaN, infinities, nulls",
      async (format, encode, label) => {
        const folder = mkdtempSync(join(tmpdir(), "residual-export-"));
        try {
          const parts: Uint8Array[] = [];
          for await (const bytes of encode(table())) parts.push(bytes);
          const path = join(folder, `table.${format}`);
          writeFileSync(path, Buffer.concat(parts));
          const lines = execFileSync(python, ["-c", script, path], { encoding: "utf8" }).trimEnd().split("\n");
          expect(lines).toEqual([
            expect.stringMatching(
              new RegExp(
                `^(${label}|object)\\|int64\\|datetime64\\[us, UTC\\]\\|float64\\|(str|object)\\|float64\\|object$`,
              ),
            ),
            "first|0|1970-01-01 00:00:00+00:00|nan|ä|nan|True",
            expect.stringMatching(
              /^second\|4294967297\|1970-01-01 00:00:00.001500\+00:00\|-inf\|(nan|None)\|1099511627776.0\|None$/,
            ),
            "second|9007199254740991|2023-11-14 22:13:20.000250+00:00|0.1|b|-1.0|False",
            expect.stringMatching(/^first\|7\|1969-12-31 23:59:59.999000\+00:00\|-0.0\|(nan|None)\|1.0\|None$/),
          ]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  },
);
