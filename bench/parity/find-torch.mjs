import { spawnSync } from "node:child_process";

const probe = "import torch, torchvision, timm";

/** A Python that has torch, torchvision and timm: the one named by RESIDUAL_BENCH_PYTHON, or python3. Else why there is none. */
export function findTorch() {
  const python = process.env.RESIDUAL_BENCH_PYTHON || "python3";
  const { status, error, stderr } = spawnSync(python, ["-c", probe], { encoding: "utf8" });
  if (status === 0) return { python };
  const reason = error?.message ?? stderr.trim().split("\n").at(-1);
  return {
    missing:
      `no PyTorch to compare with: ${python} says "${reason}". Install torch, torchvision and timm for it, ` +
      "or name another Python in RESIDUAL_BENCH_PYTHON.",
  };
}
