import { type CpuInfo, cpus } from "node:os";

/** How busy the processors of this machine were since the last reading, with everything that runs on it. */
export class CpuMeter {
  private last: { readonly busy: number; readonly all: number };

  constructor(private readonly read: () => readonly Pick<CpuInfo, "times">[] = cpus) {
    this.last = this.times();
  }

  /** 0 to 100; undefined where no time has passed. */
  percent(): number | undefined {
    const { last } = this;
    this.last = this.times();
    const all = this.last.all - last.all;
    return all > 0 ? (100 * (this.last.busy - last.busy)) / all : undefined;
  }

  private times() {
    let busy = 0;
    let all = 0;
    for (const { times } of this.read()) {
      const { user, nice, sys, idle, irq } = times;
      busy += user + nice + sys + irq;
      all += user + nice + sys + irq + idle;
    }
    return { busy, all };
  }
}
