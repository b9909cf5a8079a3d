import type { DoctorReport } from "@residual/shared";
import type { Log } from "../log.js";
import { forkProgram, type Program } from "../processes/fork-program.js";

/** A worker that has just started is often given a job at once. */
const IDLE_MS = 3_000;

/**
 * Examines the machine once, in a process of its own, while the worker has no job; a job ends the examination, which begins anew in
 * the next pause.
 */
export class IdleExamination {
  private idleSince: number | undefined;
  private program: Program | undefined;
  private report: DoctorReport | undefined;
  private isOver = false;

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly log: Log,
  ) {}

  /** To be called as long as there is no job. Returns the report once, when it is there. */
  advance(): DoctorReport | undefined {
    if (this.report) {
      const { report } = this;
      this.report = undefined;
      return report;
    }
    this.idleSince ??= performance.now();
    if (!this.isOver && !this.program && performance.now() - this.idleSince > IDLE_MS) void this.examine();
    return undefined;
  }

  /** A job is there, or the worker ends. */
  interrupt(): void {
    this.idleSince = undefined;
    this.program?.child.kill("SIGKILL");
    this.program = undefined;
  }

  private async examine(): Promise<void> {
    let text = "";
    const program = forkProgram("main", { args: ["doctor", "--json"], env: this.env });
    this.program = program;
    program.child.stdout!.on("data", (part: string) => {
      text += part;
    });
    const { code, lastLines } = await program.ended;
    if (this.program !== program) return;
    this.program = undefined;
    this.isOver = true;
    try {
      this.report = JSON.parse(text) as DoctorReport;
    } catch {
      this.log.warn("the examination of this machine failed", { code: code ?? undefined, reason: lastLines.at(-1) });
      return;
    }
    for (const { ok, finding, advice } of this.report.checks)
      if (!ok) this.log.warn(finding.text, { advice: advice?.text });
  }
}
