import { z } from "zod";
import type { Money } from "./operations.js";

const doctorFields = {
  /** Checkpoints, spooled metrics and decoded images. */
  RESIDUAL_DATA: z.string().min(1).default(".residual"),
  RESIDUAL_EXECUTOR: z.enum(["auto", "tensorflow", "webgpu", "wasm-blas", "wasm", "reference"]).default("auto"),
};

/** As in `1.20 EUR`, of an hour. */
const price = /^(\d+(?:\.\d+)?) ?([A-Z]{3})$/;

const schema = z.object({
  ...doctorFields,
  /** Where the API listens, with or without `/graphql`. */
  API_URL: z
    .url({ error: "must be the address of the API, such as http://127.0.0.1:4000" })
    .transform((url) => (url.endsWith("/graphql") ? url : `${url.replace(/\/$/, "")}/graphql`)),
  /** An API key with the scope WORK. */
  RESIDUAL_WORKER_KEY: z
    .string({ error: "is missing: create an API key with the scope WORK on the settings page" })
    .min(1),
  /** What an hour of this machine costs. */
  RESIDUAL_WORKER_RATE: z
    .string()
    .trim()
    .regex(price, { error: "must be what an hour costs, such as 1.20 EUR" })
    .transform((text): Money => {
      const [, amount, currency] = price.exec(text)!;
      return { amount: Number(amount), currency: currency! };
    })
    .optional(),
  /** `best`: the best checkpoint of every run goes to the API when the run has ended. Unset: it stays on this machine alone. */
  RESIDUAL_UPLOAD_CHECKPOINTS: z.enum(["best"]).optional(),
});

/** What an examination needs to know: no API. */
export interface DoctorSettings {
  readonly dataFolder: string;
  readonly executor: z.infer<typeof schema>["RESIDUAL_EXECUTOR"];
}

export interface Env extends DoctorSettings {
  readonly apiUrl: string;
  readonly workerKey: string;
  readonly hourlyRate: Money | null;
  readonly uploadsBest: boolean;
}

/** With readDoctorSettings the one reader of process.env. Throws an Error that names every variable that is missing or wrong. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const env = parse(schema, source);
  return {
    apiUrl: env.API_URL,
    workerKey: env.RESIDUAL_WORKER_KEY,
    dataFolder: env.RESIDUAL_DATA,
    executor: env.RESIDUAL_EXECUTOR,
    hourlyRate: env.RESIDUAL_WORKER_RATE ?? null,
    uploadsBest: env.RESIDUAL_UPLOAD_CHECKPOINTS === "best",
  };
}

export function readDoctorSettings(source: NodeJS.ProcessEnv): DoctorSettings {
  const { RESIDUAL_DATA, RESIDUAL_EXECUTOR } = parse(z.object(doctorFields), source);
  return { dataFolder: RESIDUAL_DATA, executor: RESIDUAL_EXECUTOR };
}

function parse<Schema extends z.ZodType>(fields: Schema, source: NodeJS.ProcessEnv): z.output<Schema> {
  const result = fields.safeParse(source);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("\n"));
}
