import type { Message } from "../message/message.js";
import { sayGap } from "./gap-messages.js";

/** Why a gap from this train metric is less than it should be: it was not measured in evaluation mode. */
export function runningReservation(train: string): Message {
  return sayGap("gap.running", { train });
}
