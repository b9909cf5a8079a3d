import { freemem } from "node:os";
import { type DoctorCheck, sayDoctor } from "@residual/shared";
import { availableMemory } from "../describe-worker.js";

const GIB = 2 ** 30;
const LEAST_MEMORY = 2 * GIB;

export function examineNode(version = process.versions.node): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const finding = sayDoctor("doctor.node.version", { version });
  if (major < 20 || (major === 20 && minor < 19))
    return { subject: "NODE", ok: false, finding, advice: sayDoctor("doctor.node.update", {}) };
  const advice = major === 20 ? { advice: sayDoctor("doctor.node.aged", {}) } : {};
  return { subject: "NODE", ok: true, finding, ...advice };
}

export function examineMemory(total = availableMemory(), free = freemem()): DoctorCheck {
  const values = { total: gibibytes(total), free: gibibytes(Math.min(free, total)) };
  const finding = sayDoctor("doctor.memory.size", values);
  if (total >= LEAST_MEMORY) return { subject: "MEMORY", ok: true, finding };
  return { subject: "MEMORY", ok: false, finding, advice: sayDoctor("doctor.memory.tooSmall", {}) };
}

/** With one decimal, for people. */
export function gibibytes(bytes: number): number {
  return Math.round((10 * bytes) / GIB) / 10;
}
