import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
// @boundaries-ignore what is broken here is no part of a package's front
import { MetricIngest } from "../../../apps/api/dist/modules/metric/ingest.js";

// Takes each frame for a new writer's first: what is sent again is stored again. The kill must fall
// between a commit and its acknowledgement, which is why the latter comes late.
const log = Reflect.get(MetricIngest.prototype, "log");
MetricIngest.prototype.log = async function storeAnything(distKey, item) {
  const receipt = await log.call(this, distKey, { ...item, writer: randomUUID(), seq: 1 });
  await pause(50);
  return { ...receipt, writer: item.writer, ackedSeq: item.seq };
};
