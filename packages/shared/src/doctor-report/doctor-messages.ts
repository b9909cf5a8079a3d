import { type Speaker, speaker } from "../message/message.js";

export const doctorMessages = {
  "doctor.node.version": "Node.js {version}.",
  "doctor.node.update": "Install Node.js 24 LTS.",
  "doctor.node.aged": "Node 20 gets no security fixes any more. Install Node.js 24 LTS.",
  "doctor.memory.size": "{total} GiB of memory, {free} GiB of it free.",
  "doctor.memory.tooSmall": "Training needs 2 GiB at least. Give the machine or the container more.",
  "doctor.driver.notNeeded": "No NVIDIA driver is needed: WebGPU trains on {device}.",
  "doctor.driver.noGpu": "No NVIDIA GPU (nvidia-smi is not here or shows none): runs are trained on the processor.",
  "doctor.driver.found": "NVIDIA driver {driver}: {gpus}.",
  "doctor.driver.unused": "No executor uses what is there. Fetch a library that can: npm run native -- --cuda",
  "doctor.library.found": "{device}.",
  "doctor.library.absent": "TensorFlow's own library is not here; WebAssembly does without.",
  "doctor.library.fetch": "Training is faster with it: npm run native",
  "doctor.library.broken": "TensorFlow: {reason}.",
  "doctor.library.replace": "Fetch one that fits (npm run native), or correct RESIDUAL_TENSORFLOW.",
  "doctor.training.none": "No executor can be opened.",
  "doctor.training.stepFailed": "{executor} cannot train {architecture}: {problem}.",
  "doctor.training.differs": "{executor} computes another loss of {architecture} than {other}.",
  "doctor.training.trains": "{executor} trains at 64 px, in images/s: {speeds}.",
  "doctor.training.trainsAlike":
    "{executor} trains at 64 px, in images/s: {speeds}. The loss is the same with {others}.",
  "doctor.training.retreat": "Set RESIDUAL_EXECUTOR=wasm, which needs nothing but npm, and report it.",
  "doctor.disk.speed": "{folder}: {free} GiB free, {speed} MB/s written and synced.",
  "doctor.disk.full": "Checkpoints need more: free some space, or set RESIDUAL_DATA to a larger disk.",
  "doctor.disk.slow": "Checkpoints would take minutes: set RESIDUAL_DATA to a faster disk.",
  "doctor.disk.unwritable": "{folder} cannot be written: {reason}.",
  "doctor.disk.makeWritable":
    "Make the folder writable for this user, free some space, or set RESIDUAL_DATA to another one.",
  "doctor.loader.speed": "{speed} images/s read and decoded (28 × 28 PNG of the shipped dataset).",
  "doctor.loader.broken": "Images cannot be decoded: {reason}.",
  "doctor.loader.reinstall": "Install the packages of this clone again (npm ci), on this very platform.",
} as const;

/** Says what a worker found on its machine, and what to do about it. */
export const sayDoctor: Speaker<typeof doctorMessages> = speaker(doctorMessages);
