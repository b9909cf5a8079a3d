import { newestWheel } from "./package-index.mjs";
import { openRemoteFile, readEntry } from "./remote-file.mjs";
import { readZipDirectory } from "./zip.mjs";

/** The release that Residual is tested with. */
export const tensorFlowVersion = "2.21.0";

const notices = /(THIRD_PARTY_NOTICES\.txt|\.dist-info\/(licenses\/.*|LICENSE[^/]*|License[^/]*|METADATA))$/;
const tensorFlowParts = /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/;
/** Beside the libraries what compiles GPU code at run time: for XLA, and for GPUs younger than the wheel. */
const nvidiaParts = /^nvidia\/.*(\.so[^/]*|\/bin\/ptxas|\/libdevice\.[^/]*\.bc)$/;

/**
 * What has to be fetched: each wheel with its size and the entries that are kept of it. For `cuda` these are TensorFlow's wheel and
 * those of NVIDIA that it names; their libraries look for each other at ../nvidia/<part>/lib.
 */
export async function planInstall({ kind, index, machine }) {
  const place = { index, machine };
  // Only for this processor is there a wheel without CUDA under a name of its own.
  const project = kind === "cpu" && machine === "x86_64" ? "tensorflow-cpu" : "tensorflow";
  const core = await inspect(await newestWheel(project, `==${tensorFlowVersion}`, place), tensorFlowParts);
  if (kind === "cpu") return summed([core]);
  const wheels = [core];
  for (const { name, specifiers } of cudaRequirements(await readEntry(core.source, core.metadata))) {
    wheels.push(await inspect(await newestWheel(name, specifiers, place), nvidiaParts));
  }
  return summed(wheels);
}

async function inspect(wheel, parts) {
  const source = await openRemoteFile(wheel);
  const directory = await readZipDirectory(source);
  const entries = directory.filter(({ name }) => !name.endsWith("/") && (parts.test(name) || notices.test(name)));
  const metadata = directory.find(({ name }) => /^[^/]+\.dist-info\/METADATA$/.test(name));
  return { ...wheel, size: source.size, source, entries, metadata };
}

/** `Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"` */
function cudaRequirements(metadata) {
  return [
    ...metadata.matchAll(/^Requires-Dist:\s*([\w.-]+)\s*\(?([^;)\n]*)\)?\s*;.*extra\s*==\s*["']and-cuda["']/gm),
  ].map(([, name, specifiers]) => ({
    name: name.toLowerCase().replaceAll(/[._-]+/g, "-"),
    specifiers: specifiers.trim(),
  }));
}

function summed(wheels) {
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  return {
    wheels,
    downloadBytes: sum(wheels.map(({ size }) => size)),
    unpackedBytes: sum(wheels.flatMap(({ entries }) => entries.map(({ bytes }) => bytes))),
  };
}
