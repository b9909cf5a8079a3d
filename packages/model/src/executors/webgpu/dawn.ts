import { existsSync, readdirSync } from "node:fs";

/** Where Vulkan's loader looks for the drivers of the machine. */
const driverFolders = [
  "/etc/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/usr/local/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
];

/** Keeps what Dawn hands out alive: it would be collected under a pending request. */
let instance: GPU | undefined;

/** Asks the npm package `webgpu` (Dawn) for the fastest adapter. Says what is missing where there is none. */
export async function requestAdapter(): Promise<GPUAdapter | { readonly unavailable: string }> {
  // Without a driver Dawn only prints warnings of its own.
  if (process.platform === "linux" && !hasVulkanDriver()) {
    return {
      unavailable: "no Vulkan driver is installed (/usr/share/vulkan/icd.d has none): install the GPU's driver",
    };
  }
  if (instance === undefined) {
    try {
      const { create, globals } = await import("webgpu");
      Object.assign(globalThis, globals);
      // Every kernel writes its workgroup memory before it reads it; clearing it first made SwiftShader compile for seconds.
      instance = create(["enable-dawn-features=disable_workgroup_init"]);
    } catch (error) {
      return { unavailable: `the npm package webgpu does not load: ${(error as Error).message.split("\n")[0]}` };
    }
  }
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  return (
    adapter ?? {
      unavailable: "WebGPU finds no adapter: a GPU with a Vulkan 1.1, Metal or Direct3D 12 driver is needed",
    }
  );
}

function hasVulkanDriver(): boolean {
  if (process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES) return true;
  return driverFolders.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".json")),
  );
}
