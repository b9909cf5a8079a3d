import { z } from "zod";

const schema = z.object({
  /** Where the API listens, with or without `/graphql`. */
  API_URL: z
    .url({ error: "must be the address of the API, such as http://127.0.0.1:4000" })
    .transform((url) => (url.endsWith("/graphql") ? url : `${url.replace(/\/$/, "")}/graphql`)),
  /** An API key with the scope WORK. */
  RESIDUAL_WORKER_KEY: z
    .string({ error: "is missing: create an API key with the scope WORK on the settings page" })
    .min(1),
  /** Checkpoints, spooled metrics and decoded images. */
  RESIDUAL_DATA: z.string().min(1).default(".residual"),
  RESIDUAL_EXECUTOR: z.enum(["auto", "tensorflow", "wasm-blas", "wasm", "reference"]).default("auto"),
});

export interface Env {
  readonly apiUrl: string;
  readonly workerKey: string;
  readonly dataFolder: string;
  readonly executor: z.infer<typeof schema>["RESIDUAL_EXECUTOR"];
}

/** The one reader of process.env. Throws an Error that names every variable that is missing or wrong. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const result = schema.safeParse(source);
  if (!result.success) {
    throw new Error(result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("\n"));
  }
  const { API_URL, RESIDUAL_WORKER_KEY, RESIDUAL_DATA, RESIDUAL_EXECUTOR } = result.data;
  return { apiUrl: API_URL, workerKey: RESIDUAL_WORKER_KEY, dataFolder: RESIDUAL_DATA, executor: RESIDUAL_EXECUTOR };
}
