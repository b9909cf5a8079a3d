import { freemem } from "node:os";
import type { DoctorCheck } from "@residual/shared";
import { availableMemory } from "../describe-worker.js";

const GIB = 2 ** 30;
const LEAST_MEMORY = 2 * GIB;

export function examineNode(version = process.versions.node): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const finding = `Node.js ${version}.`;
  const advice = "Install Node.js 24 LTS.";
  if (major < 20 || (major === 20 && minor < 19)) return { subject: "NODE", ok: false, finding, advice };
  return {
    subject: "NODE",
    ok: true,
    finding,
    ...(major === 20 ? { advice: `Node 20 gets no security fixes any more. ${advice}` } : {}),
  };
}

export function examineMemory(total = availableMemory(), free = freemem()): DoctorCheck {
  const finding = `${gibibytes(total)} of memory, ${gibibytes(Math.min(free, total))} free.`;
  if (total >= LEAST_MEMORY) return { subject: "MEMORY", ok: true, finding };
  const advice = "Training needs 2 GiB at least. Give the machine or the container more.";
  return { subject: "MEMORY", ok: false, finding, advice };
}

export function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
