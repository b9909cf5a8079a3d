import type { PoolConfig } from "pg";
import type { Env } from "../env.js";
import type { BusListener } from "./bus.js";
import { postgresChannel } from "./postgres-channel.js";
import { redisChannel } from "./redis-channel.js";
import { RemoteBus } from "./remote-bus.js";

/** The bus of this installation: Redis where REDIS_URL names one, else the database that is there anyway. Connects in the background. */
export function openBus(
  { REDIS_URL }: Env,
  { connectionString }: PoolConfig,
  listener: BusListener,
  log: (line: string) => void,
): RemoteBus {
  return new RemoteBus(REDIS_URL ? redisChannel(REDIS_URL) : postgresChannel(connectionString!), listener, log);
}
