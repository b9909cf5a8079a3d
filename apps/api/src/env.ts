import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const secret = z.string().min(16, "is too short to be a secret");

const schema = z.object({
  /** 0: any free port. */
  PORT: port.default(4000),
  /** Unset: the embedded Postgres in RESIDUAL_DATA. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** A streaming replica that takes the reads; unset: the one database takes them all. */
  DATABASE_READ_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** Event bus between several API processes; unset: LISTEN/NOTIFY of the database. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must begin with redis://")
    .optional(),
  RESIDUAL_DATA: z.string().min(1).default(".residual"),
  /** Signs the owner in; unset: nobody can sign in with a token. */
  RESIDUAL_OWNER_TOKEN: secret.optional(),
  /** API key with scope WORK that `npm start` shares with its worker. */
  RESIDUAL_WORKER_KEY: secret.optional(),
  /** Origin of the dashboard, e.g. http://127.0.0.1:3000; loopback origins are always allowed. */
  RESIDUAL_WEB_ORIGIN: z.url().optional(),
  /** Image folder that the first start registers and trains on. */
  RESIDUAL_SEED_DATASET: z.string().min(1).optional(),
  /** Lets whoever sends it read /metrics; unset: programs of this machine alone. */
  RESIDUAL_METRICS_TOKEN: secret.optional(),
  /** What a project may log in this process before it is told to wait (RATE_LIMITED). */
  RESIDUAL_PROJECT_POINTS_PER_SECOND: z.coerce.number().positive().default(2_000_000),
  RESIDUAL_PROJECT_BYTES_PER_DAY: z.coerce.number().positive().default(500e9),
});

export type Env = z.infer<typeof schema>;

/** The only reader of the environment. Throws with one line for each variable that is wrong. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const named = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(named);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The environment is not usable:\n${lines.join("\n")}`);
}
