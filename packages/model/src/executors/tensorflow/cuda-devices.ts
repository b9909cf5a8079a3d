/** A GPU that CUDA shows to this process. */
export interface CudaDevice {
  /** "NVIDIA H100 80GB HBM3" */
  readonly name: string;
  /** Compute capability, 8.0 for Ampere. */
  readonly capability: number;
}

/** CUDA's numbers of the attributes that hold the two parts of the compute capability. */
const attributes = { major: 75, minor: 76 } as const;

/**
 * Asks NVIDIA's driver, in whose order TensorFlow counts too; heeds CUDA_VISIBLE_DEVICES. Nothing where there is no driver, or one
 * that fails: then TensorFlow sees no GPU either.
 */
export async function listCudaDevices(): Promise<CudaDevice[]> {
  const { default: koffi } = await import("koffi");
  let driver: ReturnType<typeof koffi.load>;
  try {
    driver = koffi.load("libcuda.so.1");
  } catch {
    return [];
  }
  const initialize = driver.func("int cuInit(unsigned int flags)");
  const count = driver.func("int cuDeviceGetCount(_Out_ int *count)");
  const device = driver.func("int cuDeviceGet(_Out_ int *device, int ordinal)");
  const name = driver.func("int cuDeviceGetName(void *name, int length, int device)");
  const attribute = driver.func("int cuDeviceGetAttribute(_Out_ int *value, int attribute, int device)");

  const number = (call: (value: [number]) => number): number => {
    const value: [number] = [0];
    if (call(value) !== 0) throw new Error("NVIDIA's driver does not answer");
    return value[0];
  };
  if (initialize(0) !== 0) return [];
  return Array.from({ length: number((value) => count(value)) }, (_, ordinal) => {
    const handle = number((value) => device(value, ordinal));
    const text = Buffer.alloc(256);
    name(text, text.length, handle);
    const major = number((value) => attribute(value, attributes.major, handle));
    const minor = number((value) => attribute(value, attributes.minor, handle));
    return { name: text.toString("utf8", 0, text.indexOf(0)), capability: major + minor / 10 };
  });
}
