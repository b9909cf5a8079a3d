import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** A process that answers commands, one line of JSON each. It waits without using a processor while the other side has its turn. */
class Side {
  constructor(name, command, args) {
    this.name = name;
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(command, options = {}) {
    this.child.stdin.write(`${JSON.stringify({ command, ...options })}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended without an answer to "${command}"`);
    const answer = JSON.parse(value);
    if (answer.unavailable) throw new Error(`${this.name}: ${answer.unavailable}`);
    return answer;
  }

  async end() {
    this.child.stdin.write('{"command":"end"}\n');
    await once(this.child, "close");
  }
}

export const residualSide = (folder, precision) =>
  new Side("Residual", process.execPath, [path.join(here, "residual-side.mjs"), folder, precision]);

export const torchSide = (python, folder, threads, memoryFormat = "channels_last") =>
  new Side("PyTorch", python, [path.join(here, "torch_side.py"), folder, String(threads), memoryFormat]);
