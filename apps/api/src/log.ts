import { type DestinationStream, pino } from "pino";

/** What a line carries beside its words, such as the id of the request that it is about. `info` unless another level is said. */
type LogDetails = { readonly level?: "info" | "error" } & Readonly<Record<string, string | number | undefined>>;

/** Says what happened, for whoever runs the server. No secret and nothing that a user wrote. */
export type Log = (line: string, details?: LogDetails) => void;

/** One JSON object a line, on standard output unless said: level, time, the details, and the words as `msg`. */
export function createLog(target: DestinationStream = pino.destination(1)): Log {
  const options = { base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, target);
  return (line, { level = "info", ...details } = {}) => logger[level](details, line);
}
