import { existsSync, readFileSync } from "node:fs";
import { NativeError } from "./native-error.mjs";

/** CUDA 12's libraries run on every driver from this one on. */
const oldestDriver = 525;

/** The processor's name in wheels. Throws a NativeError where no wheel carries a library that runs here. */
export function machineName() {
  const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch];
  if (process.platform !== "linux" || machine === undefined) {
    throw new NativeError(
      `There is no TensorFlow library for ${process.platform} on ${process.arch} in the package index. Training runs on WebAssembly or WebGPU here.`,
    );
  }
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  const [major = 0, minor = 0] = (glibc ?? "").split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 27)) {
    throw new NativeError(
      `TensorFlow's library needs glibc 2.27 or newer; this system has ${glibc ?? "another C library (Alpine's musl?)"}. ` +
        "Use an image based on Debian or Ubuntu, or train on WebAssembly.",
    );
  }
  return machine;
}

/** Which library fits, and why: CUDA's where an NVIDIA driver is loaded that is new enough. */
export function chooseKind({ cpu, cuda }, machine) {
  if (cuda && machine !== "x86_64")
    throw new NativeError(`TensorFlow's CUDA wheel exists for x86_64 only, not for ${machine}. Use --cpu.`);
  if (cpu) return { kind: "cpu", reason: "--cpu" };
  if (cuda) return { kind: "cuda", reason: "--cuda" };
  const driver = nvidiaDriver();
  if (driver === undefined) return { kind: "cpu", reason: "no NVIDIA driver is loaded" };
  if (machine !== "x86_64") return { kind: "cpu", reason: `there is no CUDA wheel for ${machine}` };
  if (Number.parseInt(driver, 10) < oldestDriver) {
    return { kind: "cpu", reason: `the NVIDIA driver ${driver} is older than ${oldestDriver}, which CUDA 12 needs` };
  }
  return { kind: "cuda", reason: `NVIDIA driver ${driver}` };
}

function nvidiaDriver() {
  const file = "/proc/driver/nvidia/version";
  return existsSync(file) ? /(\d+\.\d+(\.\d+)?)/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}
