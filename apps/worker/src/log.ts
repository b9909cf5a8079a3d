/** One line an occurrence, for people: the time, what happened, then details as `key=value`. */
export interface Log {
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  /** A log whose every line carries these details too, such as the run's name. */
  with(details: LogDetails): Log;
}

type LogDetails = Readonly<Record<string, string | number | boolean | undefined>>;

export function createLog(write: (line: string) => void, fixed: LogDetails = {}): Log {
  const line = (level: string, message: string, details: LogDetails = {}) => {
    const pairs = Object.entries({ ...fixed, ...details }).filter(([, value]) => value !== undefined);
    write(
      `${new Date().toISOString()} ${level}${[message, ...pairs.map(([key, value]) => `${key}=${quote(value)}`)].join(" ")}\n`,
    );
  };
  return {
    info: (message, details) => line("", message, details),
    warn: (message, details) => line("warning: ", message, details),
    with: (details) => createLog(write, { ...fixed, ...details }),
  };
}

function quote(value: string | number | boolean | undefined): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  const text = String(value);
  return /^[\w./:%+-]+$/.test(text) ? text : JSON.stringify(text);
}
