import type { Binding, Kernel } from "./lowering.js";

/** Workgroups that WebGPU promises along one axis of a dispatch; more of them go into rows of so many. */
export const workgroupsPerRow = 65_535;

export interface ShaderSource {
  /** By the name that the code uses. */
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly workgroups: number;
  readonly work: number;
  /** Invocations of a workgroup; 256 unless said. */
  readonly size?: number;
  /** Functions and workgroup memory. */
  readonly declarations?: string;
  /** Statements. They know `group`, the number of the workgroup, `local`, of the invocation in it, and `index`, of it among all. */
  readonly body: string;
}

/** Writes the WGSL module around a kernel's statements. */
export function shader({ bindings, workgroups, work, size = 256, declarations = "", body }: ShaderSource): Kernel {
  const arrays = Object.entries(bindings).map(
    ([name, { access, element }], place) =>
      `@group(0) @binding(${place}) var<storage, ${access}> ${name}: array<${element}>;`,
  );
  const isRectangular = workgroups > workgroupsPerRow;
  const code = `${arrays.join("\n")}
${declarations}
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = workgroup.x + workgroup.y * grid.x;
  let index = group * ${size}u + local;
  ${isRectangular ? `if (group >= ${workgroups}u) { return; }` : ""}
  ${body}
}
`;
  return { code, bindings: Object.values(bindings), workgroups, work };
}

/** A number as a literal of float32. */
export function float(value: number): string {
  return `(${Math.fround(value)}f)`;
}

/** 0 up to, but not including, `count`. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;
