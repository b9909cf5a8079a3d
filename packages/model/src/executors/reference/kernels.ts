import type { OperationName, UpdateOperation } from "../../graph/operation.js";
import * as activation from "./activation-kernels.js";
import * as convolution from "./convolution-kernels.js";
import * as layout from "./layout-kernels.js";
import * as matrix from "./matrix-kernels.js";
import * as normalization from "./normalization-kernels.js";
import * as pooling from "./pooling-kernels.js";
import type { Kernel } from "./tensor.js";

/** Operations that read or change the session rather than compute from their inputs. */
type SessionOperation = "placeholder" | "variable" | "constant" | UpdateOperation;

/** The plain loops of every computing operation. */
export const kernels: { readonly [Name in Exclude<OperationName, SessionOperation>]: Kernel<Name> } = {
  ...activation,
  ...convolution,
  ...layout,
  ...matrix,
  ...normalization,
  ...pooling,
};
