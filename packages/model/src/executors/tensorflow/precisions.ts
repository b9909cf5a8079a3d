import { readFileSync } from "node:fs";
import type { Precision } from "../precision.js";
import type { CudaDevice } from "./cuda-devices.js";

/** The first compute capability (Ampere) whose tensor cores take TF32 and bfloat16. */
const ampere = 8;

/**
 * The precisions that are worth using. On a GPU of unknown capability, and on a CPU that would have to emulate it, bfloat16 is only
 * slower. TF32 can be chosen where the library lets us turn it off.
 */
export function precisionsOf(device: CudaDevice | "cpu" | "unknown gpu", canChooseTf32: boolean): readonly Precision[] {
  if (device === "unknown gpu") return ["fp32"];
  if (device === "cpu") return multipliesBfloat16() ? ["fp32", "bf16"] : ["fp32"];
  if (device.capability < ampere) return ["fp32"];
  return canChooseTf32 ? ["fp32", "tf32", "bf16"] : ["fp32", "bf16"];
}

function multipliesBfloat16(): boolean {
  return /^flags\s*:.*\b(avx512_bf16|amx_bf16)\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
}
