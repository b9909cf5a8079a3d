import {
  architectureName,
  type DoctorCheck,
  type DoctorExecutor,
  isArchitectureId,
  type Message,
  sayDoctor,
} from "@residual/shared";
import type { Gpu } from "../devices/gpus.js";
import { type AvailableExecutor, isOnGpu, type ProbedExecutor } from "../probe/probed-executor.js";

/** Executors round differently; what differs by more computes something else. */
const TOLERANCE = 1e-3;

/** The driver and the GPUs that it shows. */
export function examineDriver(gpus: readonly Gpu[], chosen: AvailableExecutor | undefined): DoctorCheck {
  const check = (ok: boolean, finding: Message): DoctorCheck => ({ subject: "DRIVER", ok, finding });
  if (gpus.length === 0 && chosen?.name === "webgpu")
    return check(true, sayDoctor("doctor.driver.notNeeded", { device: chosen.device }));
  if (gpus.length === 0) return check(true, sayDoctor("doctor.driver.noGpu", {}));
  const names = gpus.map(({ name, memoryBytes, capability }) => {
    const of = capability === undefined ? "" : `, compute capability ${capability}`;
    return `${name} (${(memoryBytes / 2 ** 30).toFixed(0)} GiB${of})`;
  });
  const finding = sayDoctor("doctor.driver.found", { driver: gpus[0]!.driver, gpus: names.join(", ") });
  if (chosen && isOnGpu(chosen)) return check(true, finding);
  return { ...check(false, finding), advice: sayDoctor("doctor.driver.unused", {}) };
}

/** TensorFlow's own library, the fastest executor. */
export function examineLibrary(probed: readonly ProbedExecutor[]): DoctorCheck | undefined {
  const native = probed.find(({ name }) => name === "tensorflow");
  if (!native) return undefined;
  const check = (ok: boolean, finding: Message): DoctorCheck => ({ subject: "LIBRARY", ok, finding });
  if (native.available) return check(true, sayDoctor("doctor.library.found", { device: native.device }));
  const isAbsent = /^no (known )?TensorFlow library/.test(native.reason);
  if (isAbsent)
    return { ...check(true, sayDoctor("doctor.library.absent", {})), advice: sayDoctor("doctor.library.fetch", {}) };
  const finding = sayDoctor("doctor.library.broken", { reason: native.reason });
  return { ...check(false, finding), advice: sayDoctor("doctor.library.replace", {}) };
}

/** Whether the executor that runs are trained with really trains, and computes what the others do. */
export function examineTraining(probed: readonly ProbedExecutor[], chosen: AvailableExecutor | undefined): DoctorCheck {
  const fault = (finding: Message): DoctorCheck => ({
    subject: "TRAINING",
    ok: false,
    finding,
    advice: sayDoctor("doctor.training.retreat", {}),
  });
  if (!chosen) return fault(sayDoctor("doctor.training.none", {}));
  const executor = chosen.name;
  const failed = chosen.steps.find(({ problem }) => problem !== undefined);
  if (failed) {
    const values = { executor, architecture: nameOf(failed.architecture), problem: failed.problem! };
    return fault(sayDoctor("doctor.training.stepFailed", values));
  }
  const others = probed.filter((one) => one.available && one !== chosen) as AvailableExecutor[];
  for (const { name: other, steps } of others) {
    const wrong = chosen.steps.find((step, i) => differs(step.firstLoss, steps[i]!.firstLoss));
    const values = { executor, other, architecture: wrong ? nameOf(wrong.architecture) : "" };
    if (wrong) return fault(sayDoctor("doctor.training.differs", values));
  }
  const speeds = chosen.steps
    .map(({ architecture, imagesPerSecond }) => `${nameOf(architecture)} ${Math.round(imagesPerSecond!)}`)
    .join(", ");
  const finding =
    others.length === 0
      ? sayDoctor("doctor.training.trains", { executor, speeds })
      : sayDoctor("doctor.training.trainsAlike", {
          executor,
          speeds,
          others: others.map(({ name }) => name).join(", "),
        });
  return { subject: "TRAINING", ok: true, finding };
}

function nameOf(architecture: string): string {
  return isArchitectureId(architecture) ? architectureName(architecture) : architecture;
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
