#!/usr/bin/env node
// What `npm run native` runs. Uses nothing but Node.
import { indexAddress } from "./native/index-address.mjs";
import { cacheFolders, install, installed, megabytes, remove } from "./native/install.mjs";
import { chooseKind, machineName } from "./native/machine.mjs";
import { NativeError } from "./native/native-error.mjs";
import { help, readOptions } from "./native/options.mjs";
import { planInstall, tensorFlowVersion } from "./native/plan.mjs";

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(help);
  const folders = cacheFolders();
  if (options.remove) {
    const existed = await remove(folders);
    return console.log(existed ? `Removed ${folders.library}.` : `There is nothing to remove in ${folders.library}.`);
  }
  const machine = machineName();
  const { kind, reason } = chooseKind(options, machine);
  const label = `TensorFlow ${tensorFlowVersion} for ${kind === "cuda" ? "NVIDIA GPUs (CUDA)" : "the CPU"}`;
  const present = installed(folders);
  if (present?.kind === kind && present.version === tensorFlowVersion) {
    return console.log(`${label} is already in ${folders.library}.`);
  }
  const index = indexAddress();
  const plan = await planInstall({ kind, index, machine });
  console.log(
    `${label} (${reason})\n  from ${index.url.host}: ${plan.wheels.length === 1 ? "1 wheel" : `${plan.wheels.length} wheels`}, ${megabytes(plan.downloadBytes)}` +
      `\n  to   ${folders.library}: ${megabytes(plan.unpackedBytes)}`,
  );
  await install(plan, kind, folders);
  console.log(`\nDone: workers on this machine now train with ${label}. Remove it with: npm run native -- --remove`);
}

main().catch((error) => {
  console.error(error instanceof NativeError ? error.message : error);
  process.exitCode = 1;
});
