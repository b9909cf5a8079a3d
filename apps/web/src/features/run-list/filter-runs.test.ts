import { expect, it } from "vitest";
import { filterRuns } from "@/features/run-list/filter-runs";
import { runRow } from "@/features/run-list/run-row.fixture";

const runs = [
  runRow({ id: "a", name: "First try", tags: ["baseline"] }),
  runRow({
    id: "b",
    name: "Second try",
    status: "RUNNING",
    architecture: { id: "vit_base_patch16_224", name: "ViT-B/16" },
  }),
  runRow({ id: "c", name: "By hand", architecture: null, dataset: null }),
];
const shown = (filter: Partial<Parameters<typeof filterRuns>[1]>) =>
  filterRuns(runs, { text: "", statuses: [], architectures: [], ...filter }).map(({ id }) => id);

it("shows the runs that have every typed word somewhere: name, architecture, tag, data set", () => {
  expect(shown({})).toEqual(["a", "b", "c"]);
  expect(shown({ text: "TRY base" })).toEqual(["a", "b"]);
  expect(shown({ text: "vit-b" })).toEqual(["b"]);
  expect(shown({ text: "try zebra" })).toEqual([]);
});

it("narrows by status and architecture at once", () => {
  expect(shown({ statuses: ["RUNNING"] })).toEqual(["b"]);
  expect(shown({ architectures: ["resnet18"] })).toEqual(["a"]);
  expect(shown({ architectures: ["resnet18"], statuses: ["RUNNING"] })).toEqual([]);
});
