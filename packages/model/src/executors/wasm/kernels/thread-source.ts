import { controlWords, parameterOffset, spins } from "./control-block.js";

export interface ThreadData {
  readonly module: object;
  readonly memory: object;
  readonly control: number;
  readonly thread: number;
  readonly names: readonly string[];
}

/**
 * What a kernel thread does, as the source of a script: a worker is started from a file, and the file would be TypeScript in tests
 * and JavaScript in production. It takes units of a call until none is left; it never returns to its event loop.
 */
export const threadSource = `
const { workerData } = require("node:worker_threads");
const { module, memory, control, thread, names } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory, thread } });
const kernels = names.map((name) => exports[name]);
const words = new Int32Array(memory.buffer, control, ${Object.keys(controlWords).length});
const values = new Float64Array(memory.buffer, control + ${parameterOffset});
let call = Atomics.load(words, ${controlWords.call});
Atomics.add(words, ${controlWords.started}, 1);
for (;;) {
  for (let spin = 0; spin < ${spins} && Atomics.load(words, ${controlWords.call}) === call; spin++);
  while (Atomics.load(words, ${controlWords.call}) === call) Atomics.wait(words, ${controlWords.call}, call);
  call = Atomics.load(words, ${controlWords.call});
  const kernel = kernels[words[${controlWords.kernel}]];
  const parameters = Array.from(values.subarray(0, words[${controlWords.parameters}]));
  const units = words[${controlWords.units}];
  const share = words[${controlWords.share}];
  for (;;) {
    const begin = Atomics.add(words, ${controlWords.next}, share);
    if (begin >= units) break;
    try {
      kernel(...parameters, begin, Math.min(units, begin + share));
    } catch {
      Atomics.store(words, ${controlWords.failed}, 1);
    }
  }
  if (Atomics.sub(words, ${controlWords.busy}, 1) === 1) Atomics.notify(words, ${controlWords.busy});
}
`;
