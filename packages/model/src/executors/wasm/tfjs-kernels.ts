import type { TfjsModule } from "../../tf.js";

/** Numbers far above those that TensorFlow.js gives to its own tensors. */
const firstId = 0x4000_0000;

/** Calls a kernel of TensorFlow.js on memory that we manage: its tensors are registered for the call and forgotten after it. */
export function withTensors(
  module: TfjsModule,
  tensors: readonly { readonly address: number; readonly length: number }[],
  call: (...ids: number[]) => void,
): void {
  const ids = tensors.map((_, index) => firstId + index);
  tensors.forEach(({ address, length }, index) => {
    module._register_tensor(ids[index]!, length, address);
  });
  call(...ids);
  for (const id of ids) module._dispose_data(id);
}
