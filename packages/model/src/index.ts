export { DatasetError } from "./datasets/dataset-error.js";
export {
  type ImageFolderScan,
  type ScannedClass,
  type ScannedImage,
  type ScanOptions,
  scanImageFolder,
} from "./datasets/scan-image-folder.js";
export type { Split, SplitOptions } from "./datasets/split.js";
