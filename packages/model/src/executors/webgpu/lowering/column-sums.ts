import { type Binding, type Kernel, type Lowering, type Memory, read, temporary, write } from "./lowering.js";
import { float, roundUp, shader } from "./shader.js";

/** How rows and channels are shared among invocations and workgroups: the same for every reduction over rows. */
export interface RowPartition {
  /** Channels, and rows, that the invocations of a workgroup hold side by side. */
  readonly channelLanes: number;
  readonly rowLanes: number;
  readonly channelBlocks: number;
  /** Workgroups that share the rows of a block of channels, and how many rows each takes. */
  readonly chunks: number;
  readonly rowsPerChunk: number;
}

/** Workgroups that keep a large GPU busy. */
const wantedWorkgroups = 512;

export function partitionRows(groups: number, rows: number, channels: number): RowPartition {
  const channelLanes = Math.min(32, 2 ** Math.ceil(Math.log2(channels)));
  const rowLanes = 256 / channelLanes;
  const channelBlocks = Math.ceil(channels / channelLanes);
  const wanted = Math.ceil(wantedWorkgroups / (groups * channelBlocks));
  const rowsPerChunk = roundUp(Math.ceil(rows / Math.min(wanted, Math.ceil(rows / (8 * rowLanes)))), rowLanes);
  return { channelLanes, rowLanes, channelBlocks, chunks: Math.ceil(rows / rowsPerChunk), rowsPerChunk };
}

/** Statements that name `channel`, `lane`, `begin` and `end` of an invocation, and `chunk` and `matrix` of its workgroup. */
export function partitionStatements(partition: RowPartition, rows: number): string {
  const { channelLanes, channelBlocks, chunks, rowsPerChunk } = partition;
  return `let channel = (group % ${channelBlocks}u) * ${channelLanes}u + local % ${channelLanes}u;
  let lane = local / ${channelLanes}u;
  let chunk = (group / ${channelBlocks}u) % ${chunks}u;
  let matrix = group / ${channelBlocks * chunks}u;
  let begin = chunk * ${rowsPerChunk}u;
  let end = min(begin + ${rowsPerChunk}u, ${rows}u);`;
}

/** `sumRows(value, local)`: the sum over the invocations of a workgroup that hold the same channel. */
export function sumRowsFunction({ channelLanes, rowLanes }: RowPartition): string {
  return `var<workgroup> lanes: array<f32, 256>;
fn sumRows(value: f32, local: u32) -> f32 {
  workgroupBarrier();
  lanes[local] = value;
  workgroupBarrier();
  for (var half = ${rowLanes / 2}u; half > 0u; half = half / 2u) {
    if (local < half * ${channelLanes}u) { lanes[local] += lanes[local + half * ${channelLanes}u]; }
    workgroupBarrier();
  }
  return lanes[local % ${channelLanes}u];
}`;
}

interface ColumnSums {
  /** `groups` matrices of [rows, channels] behind each other; each is summed over its rows. */
  readonly groups: number;
  readonly rows: number;
  readonly channels: number;
  readonly factor?: number;
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Expressions of `i` (the place of an element), `row` and `channel`. */
  readonly terms: readonly string[];
  /** [groups, channels] each. */
  readonly results: readonly Memory[];
}

/** Sums of expressions over rows, in an order that does not change from run to run. */
export function columnSums(options: ColumnSums): Required<Lowering> {
  const { groups, rows, channels, factor = 1, bindings, terms, results } = options;
  const partition = partitionRows(groups, rows, channels);
  const { chunks, channelBlocks } = partition;
  const perTerm = groups * channels;
  const isDone = chunks === 1;
  const partials = temporary(0, isDone ? 0 : chunks * terms.length * perTerm);

  const targets = isDone
    ? Object.fromEntries(results.map((memory, term) => [`result${term}`, write(memory)]))
    : { partials: write(partials) };
  const store = terms.map((_, term) => {
    const at = `matrix * ${channels}u + channel`;
    if (isDone) return `result${term}[${at}] = total${term} * ${float(factor)};`;
    return `partials[(chunk * ${terms.length}u + ${term}u) * ${perTerm}u + ${at}] = total${term};`;
  });
  const sum = shader({
    bindings: { ...bindings, ...targets },
    workgroups: groups * channelBlocks * chunks,
    work: groups * rows * channels,
    declarations: sumRowsFunction(partition),
    body: `${partitionStatements(partition, rows)}
  ${terms.map((_, term) => `var sum${term} = 0f;`).join(" ")}
  if (channel < ${channels}u) {
    for (var row = begin + lane; row < end; row += ${partition.rowLanes}u) {
      let i = (matrix * ${rows}u + row) * ${channels}u + channel;
      ${terms.map((term, index) => `sum${index} += ${term};`).join(" ")}
    }
  }
  ${terms.map((_, term) => `let total${term} = sumRows(sum${term}, local);`).join(" ")}
  if (lane == 0u && channel < ${channels}u) { ${store.join(" ")} }`,
  });
  if (isDone) return { kernels: [sum], temporaryFloats: 0 };
  return {
    kernels: [
      sum,
      ...results.map((memory, term) => sumPartials({ partials, chunks, perTerm, terms, memory, term, factor })),
    ],
    temporaryFloats: chunks * terms.length * perTerm,
  };
}

function sumPartials(options: {
  readonly partials: Memory;
  readonly chunks: number;
  readonly perTerm: number;
  readonly terms: readonly string[];
  readonly memory: Memory;
  readonly term: number;
  readonly factor: number;
}): Kernel {
  const { partials, chunks, perTerm, terms, memory, term, factor } = options;
  return shader({
    bindings: { partials: read(partials), result: write(memory) },
    workgroups: Math.ceil(perTerm / 64),
    work: chunks * perTerm,
    size: 64,
    body: `if (index >= ${perTerm}u) { return; }
  var sum = 0f;
  for (var chunk = 0u; chunk < ${chunks}u; chunk++) { sum += partials[(chunk * ${terms.length}u + ${term}u) * ${perTerm}u + index]; }
  result[index] = sum * ${float(factor)};`,
  });
}
