import { join } from "node:path";
import { OutOfMemoryError } from "../out-of-memory-error.js";

/** An address inside the library; koffi passes it through. */
export type Pointer = unknown;

/** `TF_Output`: one result of an operation. */
export interface TensorFlowOutput {
  readonly oper: Pointer;
  readonly index: number;
}

type Call<Arguments extends unknown[], Result> = (...args: Arguments) => Result;
type RunArguments = [
  session: Pointer,
  runOptions: null,
  inputs: TensorFlowOutput[],
  inputValues: Pointer[],
  inputCount: number,
  outputs: TensorFlowOutput[],
  outputValues: Pointer[],
  outputCount: number,
  targets: Pointer[],
  targetCount: number,
  metadata: null,
  status: Pointer,
];

/** The functions of TensorFlow's C API that are used; unchanged from release 2.9 to 2.21. */
export interface CApi {
  readonly version: Call<[], string>;
  readonly newStatus: Call<[], Pointer>;
  readonly deleteStatus: Call<[Pointer], void>;
  readonly statusCode: Call<[Pointer], number>;
  readonly statusMessage: Call<[Pointer], string>;
  readonly newGraph: Call<[], Pointer>;
  readonly deleteGraph: Call<[Pointer], void>;
  readonly newImportOptions: Call<[], Pointer>;
  readonly deleteImportOptions: Call<[Pointer], void>;
  readonly newBuffer: Call<[Uint8Array, number], Pointer>;
  readonly deleteBuffer: Call<[Pointer], void>;
  readonly importGraph: Call<[graph: Pointer, buffer: Pointer, options: Pointer, status: Pointer], void>;
  readonly findOperation: Call<[graph: Pointer, name: string], Pointer>;
  readonly newSessionOptions: Call<[], Pointer>;
  readonly deleteSessionOptions: Call<[Pointer], void>;
  readonly setConfig: Call<[options: Pointer, config: Uint8Array, length: number, status: Pointer], void>;
  readonly newSession: Call<[graph: Pointer, options: Pointer, status: Pointer], Pointer>;
  readonly closeSession: Call<[session: Pointer, status: Pointer], void>;
  readonly deleteSession: Call<[session: Pointer, status: Pointer], void>;
  readonly listDevices: Call<[session: Pointer, status: Pointer], Pointer>;
  readonly deleteDeviceList: Call<[Pointer], void>;
  readonly deviceCount: Call<[list: Pointer], number>;
  readonly deviceType: Call<[list: Pointer, index: number, status: Pointer], string>;
  readonly deviceMemory: Call<[list: Pointer, index: number, status: Pointer], number | bigint>;
  readonly allocateTensor: Call<[type: number, extents: BigInt64Array, rank: number, bytes: number], Pointer>;
  readonly deleteTensor: Call<[Pointer], void>;
  readonly tensorData: Call<[Pointer], Pointer>;
  readonly tensorBytes: Call<[Pointer], number | bigint>;
  /** Whether products of float32 on a GPU may be rounded to TF32, for the whole process. Not every release lets us choose. */
  readonly allowTf32: Call<[boolean], void> | undefined;
  /** Runs on a thread of libuv's pool. */
  readonly run: (...args: RunArguments) => Promise<void>;
  /** The memory at an address, without a copy. */
  readonly view: (address: Pointer, bytes: number) => ArrayBuffer;
}

const loaded = new Map<string, CApi>();

/**
 * Loads TensorFlow's shared libraries from a folder; `core` is the name of the one that exports the C API. Throws what the dynamic
 * linker says, or an error if koffi is not installed. Loading the same folder again gives the same functions.
 */
export async function loadCApi(folder: string, core: string): Promise<CApi> {
  const known = loaded.get(folder);
  if (known) return known;
  // Read by the library while it loads. oneDNN is off by default on CPUs without AVX-512 and doubles the speed of convolutions.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const { default: koffi } = await import("koffi");
  const framework = koffi.load(join(folder, "libtensorflow_framework.so.2"));
  const library = koffi.load(join(folder, core));
  if (loaded.size === 0) {
    // koffi keeps struct types by name for the whole process.
    koffi.struct("TF_Output", { oper: "void *", index: "int" });
    koffi.struct("TF_Buffer", { data: "const void *", length: "size_t", dealloc: "void *" });
  }
  const declare = (prototype: string) => {
    try {
      return library.func(prototype);
    } catch (error) {
      const [, name] = /(\w+)\(/.exec(prototype)!;
      throw new Error(`${core} has no function ${name}: it is another library, or a release without the C API`, {
        cause: error,
      });
    }
  };
  let allowTf32: CApi["allowTf32"];
  try {
    // Not part of the C API: a C++ function by its linker's name.
    allowTf32 = framework.func("void _ZN3tsl32enable_tensor_float_32_executionEb(bool allowed)");
  } catch {
    // CUDA's own switch; read when the first GPU is opened.
    process.env.NVIDIA_TF32_OVERRIDE ??= "0";
  }
  const run = declare(
    "void TF_SessionRun(void *session, const void *options, TF_Output *inputs, void **input_values, int input_count, " +
      "TF_Output *outputs, _Out_ void **output_values, int output_count, void **targets, int target_count, void *metadata, void *status)",
  );
  const api: CApi = {
    version: declare("const char *TF_Version()"),
    newStatus: declare("void *TF_NewStatus()"),
    deleteStatus: declare("void TF_DeleteStatus(void *status)"),
    statusCode: declare("int TF_GetCode(void *status)"),
    statusMessage: declare("const char *TF_Message(void *status)"),
    newGraph: declare("void *TF_NewGraph()"),
    deleteGraph: declare("void TF_DeleteGraph(void *graph)"),
    newImportOptions: declare("void *TF_NewImportGraphDefOptions()"),
    deleteImportOptions: declare("void TF_DeleteImportGraphDefOptions(void *options)"),
    newBuffer: declare("TF_Buffer *TF_NewBufferFromString(const void *data, size_t length)"),
    deleteBuffer: declare("void TF_DeleteBuffer(TF_Buffer *buffer)"),
    importGraph: declare(
      "void TF_GraphImportGraphDef(void *graph, TF_Buffer *definition, void *options, void *status)",
    ),
    findOperation: declare("void *TF_GraphOperationByName(void *graph, const char *name)"),
    newSessionOptions: declare("void *TF_NewSessionOptions()"),
    deleteSessionOptions: declare("void TF_DeleteSessionOptions(void *options)"),
    setConfig: declare("void TF_SetConfig(void *options, const void *config, size_t length, void *status)"),
    newSession: declare("void *TF_NewSession(void *graph, void *options, void *status)"),
    closeSession: declare("void TF_CloseSession(void *session, void *status)"),
    deleteSession: declare("void TF_DeleteSession(void *session, void *status)"),
    listDevices: declare("void *TF_SessionListDevices(void *session, void *status)"),
    deleteDeviceList: declare("void TF_DeleteDeviceList(void *list)"),
    deviceCount: declare("int TF_DeviceListCount(void *list)"),
    deviceType: declare("const char *TF_DeviceListType(void *list, int index, void *status)"),
    deviceMemory: declare("int64_t TF_DeviceListMemoryBytes(void *list, int index, void *status)"),
    allocateTensor: declare("void *TF_AllocateTensor(int type, const int64_t *extents, int rank, size_t bytes)"),
    deleteTensor: declare("void TF_DeleteTensor(void *tensor)"),
    tensorData: declare("void *TF_TensorData(void *tensor)"),
    tensorBytes: declare("size_t TF_TensorByteSize(void *tensor)"),
    allowTf32,
    run: (...args) =>
      new Promise((resolve, reject) => {
        run.async(...args, (error: unknown) => (error ? reject(error) : resolve()));
      }),
    view: (address, bytes) => koffi.view(address, bytes),
  };
  loaded.set(folder, api);
  return api;
}

/** Calls with a fresh status; throws when the call reports a failure, as `throwIfFailed` does. */
export function withStatus<Result>(api: CApi, call: (status: Pointer) => Result): Result {
  const status = api.newStatus();
  try {
    const result = call(status);
    throwIfFailed(api, status);
    return result;
  } finally {
    api.deleteStatus(status);
  }
}

/** RESOURCE_EXHAUSTED in TensorFlow's list of codes. */
const exhausted = 8;

/** An OutOfMemoryError where memory ran out, else an Error with TensorFlow's text, if the status tells of a failure. */
export function throwIfFailed(api: CApi, status: Pointer): void {
  const code = api.statusCode(status);
  if (code === 0) return;
  const message = api.statusMessage(status);
  // cuDNN and cuBLAS report their own failed allocations as internal errors.
  if (code === exhausted || /out of memory|ALLOC_FAILED|failed to allocate/i.test(message)) {
    throw new OutOfMemoryError(
      `TensorFlow is out of memory: ${message}. Use a smaller batch, a smaller image or a smaller architecture.`,
    );
  }
  throw new Error(`TensorFlow error ${code}: ${message}`);
}
