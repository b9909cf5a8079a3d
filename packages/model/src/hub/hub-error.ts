import { PretrainedError } from "../weights/pretrained/pretrained-error.js";

/** The Hub refuses: asking again changes nothing. */
export class HubRefusal extends PretrainedError {}

/** The Hub does not answer, or not sensibly: the cache may help, or another try. */
export class HubUnreachable extends Error {
  override readonly name = "HubUnreachable";
}
