import type { DoctorCheck, DoctorExecutor } from "@residual/shared";
import type { Gpu } from "../devices/gpus.js";
import { type AvailableExecutor, isOnGpu, type ProbedExecutor } from "../probe/probed-executor.js";

/** Executors round differently; what differs by more computes something else. */
const TOLERANCE = 1e-3;

/** The driver and the GPUs that it shows. */
export function examineDriver(gpus: readonly Gpu[], chosen: AvailableExecutor | undefined): DoctorCheck {
  if (gpus.length === 0 && chosen?.name === "webgpu") {
    return { subject: "DRIVER", ok: true, finding: `No NVIDIA driver is needed: WebGPU trains on ${chosen.device}.` };
  }
  if (gpus.length === 0) {
    const finding = "No NVIDIA GPU (nvidia-smi is not here or shows none): runs are trained on the processor.";
    return { subject: "DRIVER", ok: true, finding };
  }
  const names = gpus.map(({ name, memoryBytes, capability }) => {
    const of = capability === undefined ? "" : `, compute capability ${capability}`;
    return `${name} (${(memoryBytes / 2 ** 30).toFixed(0)} GiB${of})`;
  });
  const finding = `NVIDIA driver ${gpus[0]!.driver}: ${names.join(", ")}.`;
  if (chosen && isOnGpu(chosen)) return { subject: "DRIVER", ok: true, finding };
  const advice = `No executor uses ${gpus.length === 1 ? "it" : "them"}. Fetch a library that can: npm run native -- --cuda`;
  return { subject: "DRIVER", ok: false, finding, advice };
}

/** TensorFlow's own library, the fastest executor. */
export function examineLibrary(probed: readonly ProbedExecutor[]): DoctorCheck | undefined {
  const native = probed.find(({ name }) => name === "tensorflow");
  if (!native) return undefined;
  if (native.available) return { subject: "LIBRARY", ok: true, finding: `${native.device}.` };
  const isAbsent = /^no (known )?TensorFlow library/.test(native.reason);
  if (isAbsent) {
    const advice = "Training is faster with it: npm run native";
    return {
      subject: "LIBRARY",
      ok: true,
      finding: "TensorFlow's own library is not here; WebAssembly does without.",
      advice,
    };
  }
  const advice = "Fetch one that fits (npm run native), or correct RESIDUAL_TENSORFLOW.";
  return { subject: "LIBRARY", ok: false, finding: `TensorFlow: ${native.reason}.`, advice };
}

/** Whether the executor that runs are trained with really trains, and computes what the others do. */
export function examineTraining(probed: readonly ProbedExecutor[], chosen: AvailableExecutor | undefined): DoctorCheck {
  const check = (ok: boolean, finding: string, advice?: string): DoctorCheck => ({
    subject: "TRAINING",
    ok,
    finding,
    ...(advice ? { advice } : {}),
  });
  const retreat = "Set RESIDUAL_EXECUTOR=wasm, which needs nothing but npm, and report it.";
  if (!chosen) return check(false, "No executor can be opened.", retreat);
  const failed = chosen.steps.find(({ problem }) => problem !== undefined);
  if (failed) return check(false, `${chosen.name} cannot train ${failed.architecture}: ${failed.problem}.`, retreat);
  const others = probed.filter((executor) => executor.available && executor !== chosen) as AvailableExecutor[];
  for (const other of others) {
    const wrong = chosen.steps.find((step, i) => differs(step.firstLoss, other.steps[i]!.firstLoss));
    if (wrong)
      return check(false, `${chosen.name} computes another loss of ${wrong.architecture} than ${other.name}.`, retreat);
  }
  const speeds = chosen.steps.map((step) => `${step.architecture} ${step.imagesPerSecond} images/s`);
  const agreement = others.length > 0 ? ` The loss is that of ${others.map(({ name }) => name).join(" and ")}.` : "";
  return check(true, `${chosen.name} trains at 64 px: ${speeds.join(", ")}.${agreement}`);
}

function differs(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.abs(a - b) > TOLERANCE * Math.abs(b);
}

/** For those who show it. */
export function reportExecutor(executor: ProbedExecutor, chosen: AvailableExecutor | undefined): DoctorExecutor {
  const { name, available } = executor;
  if (!available) return { name, available, chosen: false, detail: executor.reason, precisions: [], steps: [] };
  const { device, precisions, steps } = executor;
  return {
    name,
    available,
    chosen: executor === chosen,
    detail: device,
    precisions,
    steps: steps.map(({ architecture, imageSize, batchSize, imagesPerSecond, problem }) => ({
      architecture,
      imageSize,
      batchSize,
      imagesPerSecond,
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}
