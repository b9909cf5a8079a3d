// Claim: a network trained from scratch on the shipped images is as good here as one that PyTorch trains: same split, same recipe, each
// side with its own random numbers, over three seeds. Usage: node bench/twin.mjs [--seeds n] [--epochs n]; build packages/model first.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { scanImageFolder } from "@residual/model";
import { findTorch } from "./parity/find-torch.mjs";
import { recipe } from "./twin/recipe.mjs";
import { report, run } from "./twin/run.mjs";

const { values: options } = parseArgs({
  options: { seeds: { type: "string", default: "3" }, epochs: { type: "string", default: String(recipe.epochs) } },
});
const torch = findTorch();
const images = path.join(import.meta.dirname, "../datasets/fashion-mnist");
const scratch = await mkdtemp(path.join(tmpdir(), "residual-twin-"));
try {
  // A third of the images for the test: 1 % of it is then more than four images.
  const scan = await scanImageFolder(images, { valFraction: 0.1, testFraction: 0.3, splitSeed: 0 });
  const plan = path.join(scratch, "plan.json");
  await writeFile(plan, JSON.stringify({ scan, config: { ...recipe, epochs: Number(options.epochs) } }));
  const count = (split) => scan.images.filter((image) => image.split === split).length;
  console.log(
    `${count("train")} images to train on, ${count("val")} to choose the best weights by, ${count("test")} to test`,
  );
  if (torch.missing) console.log(torch.missing);

  const here = [];
  const there = [];
  for (let seed = 0; seed < Number(options.seeds); seed++) {
    here.push(
      await run(process.execPath, [path.join(import.meta.dirname, "twin/residual-side.mjs"), plan, scratch], seed),
    );
    if (!torch.missing)
      there.push(await run(torch.python, [path.join(import.meta.dirname, "twin/torch_side.py"), plan], seed));
  }
  report("Residual", here);
  if (there.length > 0) {
    const difference = 100 * (report("PyTorch", there) - report("Residual", here, { quietly: true }));
    const verdict = Math.abs(difference) <= 1 ? "within 1 point: reached" : "more than 1 point: MISSED";
    console.log(`Residual − PyTorch: ${(-difference).toFixed(2)} points of test accuracy (${verdict})`);
  }
} finally {
  await rm(scratch, { recursive: true });
}
