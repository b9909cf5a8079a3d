export { decodeBase64, encodeBase64 } from "./metric-frame/base64.js";
export { decodeMetricFrame } from "./metric-frame/decode-metric-frame.js";
export { encodeMetricFrame } from "./metric-frame/encode-metric-frame.js";
export { float64ColumnFromBase64, float64ColumnToBase64 } from "./metric-frame/float64-column.js";
export {
  checkMetricFrame,
  type MetricColumn,
  type MetricFrame,
  metricFrameLimits,
  metricFramePoints,
} from "./metric-frame/metric-frame.js";
export { MetricFrameError } from "./metric-frame/metric-frame-error.js";
export { metricFrameFromJson } from "./metric-frame/metric-frame-from-json.js";
