import { z } from "zod";
import { maxBlobBytes } from "./blob/blob-store.js";

const port = z.coerce.number().int().min(0).max(65535);
const secret = z.string().min(16, "is too short to be a secret");

const variables = z.object({
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
  /** People sign in with this OpenID Connect provider, too; its address as it calls itself, e.g. https://login.example.org. */
  RESIDUAL_OIDC_ISSUER: z
    .url()
    .refine(
      (url) => /^https:\/\/|^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])[:/]?/.test(url),
      "must begin with https://",
    )
    .optional(),
  /** What the provider knows this server as. */
  RESIDUAL_OIDC_CLIENT_ID: z.string().min(1).optional(),
  /** Unset: a public client, which PKCE alone protects. */
  RESIDUAL_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What the button to it says. */
  RESIDUAL_OIDC_NAME: z.string().min(1).max(60).default("OpenID Connect"),
  /** Image folder that the first start registers and trains on. */
  RESIDUAL_SEED_DATASET: z.string().min(1).optional(),
  /** Lets whoever sends it read /metrics; unset: programs of this machine alone. */
  RESIDUAL_METRICS_TOKEN: secret.optional(),
  /** Traces go to this OpenTelemetry collector (OTLP over HTTP), e.g. http://127.0.0.1:4318; unset: nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Headers for the collector as OpenTelemetry writes them: name=value,name=value, percent-encoded. */
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .transform((text) => Object.fromEntries(new URLSearchParams(text.replaceAll(",", "&").replaceAll("+", "%2B"))))
    .optional(),
  /** What a project may log in this process before it is told to wait (RATE_LIMITED). */
  RESIDUAL_PROJECT_POINTS_PER_SECOND: z.coerce.number().positive().default(2_000_000),
  RESIDUAL_PROJECT_BYTES_PER_DAY: z.coerce.number().positive().default(500e9),
  /** Uploaded files go to this S3 server, e.g. https://s3.eu-central-1.amazonaws.com; unset: to RESIDUAL_DATA/blobs. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_BUCKET: z.string().min(1).optional(),
  S3_REGION: z.string().min(1).default("us-east-1"),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** The largest file that may be uploaded, and what all files of a project may have together, those in the trash too. */
  RESIDUAL_FILE_BYTES: z.coerce.number().int().min(1).max(maxBlobBytes).default(10e9),
  RESIDUAL_PROJECT_FILE_BYTES: z.coerce.number().int().min(1).default(200e9),
});

/** What goes together. The provider sends people back to the origin of the dashboard, and nowhere else. */
const schema = variables.superRefine((env, context) => {
  const needs = (name: keyof typeof env, why: string) => {
    if (env[name] === undefined) context.addIssue({ code: "custom", path: [name], message: why });
  };
  if (env.RESIDUAL_OIDC_ISSUER !== undefined) {
    needs("RESIDUAL_OIDC_CLIENT_ID", "is needed with RESIDUAL_OIDC_ISSUER");
    needs("RESIDUAL_WEB_ORIGIN", "is needed with RESIDUAL_OIDC_ISSUER");
  } else if (env.RESIDUAL_OIDC_CLIENT_ID !== undefined)
    needs("RESIDUAL_OIDC_ISSUER", "is needed with RESIDUAL_OIDC_CLIENT_ID");
  if (env.S3_ENDPOINT !== undefined)
    for (const name of ["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const)
      needs(name, "is needed with S3_ENDPOINT");
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
