import { Field, InputType, ObjectType } from "type-graphql";
import { badInput } from "../../errors.js";
import { cleanText } from "../../input-text.js";
import type { Run } from "./run.entity.js";

/** The weights that a training began with, as its worker found them. */
@ObjectType({ simpleResolvers: true })
@InputType("InitialWeightsInput")
export class InitialWeights {
  @Field(() => String, { description: "RANDOM, or the checkpoint: a name on the Hub, a file or a folder." })
  source: string;

  @Field(() => String, { nullable: true, description: "Of the checkpoint's file." })
  sha256?: string | null;

  @Field(() => String, { nullable: true, description: "Whose names the checkpoint's tensors bear." })
  layout?: string | null;

  @Field(() => [String], {
    description: "Tensors that were made anew, because those of the checkpoint are for other classes.",
  })
  replaced: string[];

  @Field(() => [String], {
    description: "Tensors that were interpolated, because those of the checkpoint are for another image size.",
  })
  resized: string[];
}

/** A checkpoint that fits has a head and a position embedding to change; one whose every tensor changed is another network. */
const maxTensors = 256;

/** The weights as they are stored. Throws BAD_INPUT where a text is too long, or sha256 none. */
export function cleanInitialWeights(field: string, input: InitialWeights): InitialWeights {
  const { sha256 } = input;
  if (sha256 != null && !/^[0-9a-f]{64}$/.test(sha256))
    throw badInput(
      `${field}.sha256`,
      `${field}.sha256 must be the 64 hex digits of the file's SHA-256, in lower case; or null.`,
    );
  return {
    source: cleanText(`${field}.source`, input.source, { min: 1, max: 1_024 }),
    sha256: sha256 ?? null,
    layout: input.layout == null ? null : cleanText(`${field}.layout`, input.layout, { min: 1, max: 64 }),
    replaced: cleanTensors(`${field}.replaced`, input.replaced),
    resized: cleanTensors(`${field}.resized`, input.resized),
  };
}

/**
 * What is known of the weights that a run began with: what its worker said, else that they are random where its config insists on it. Null
 * while its worker has yet to look, and for what another script trained.
 */
export function initialWeightsOf(run: Pick<Run, "origin" | "config" | "initialWeights">): InitialWeights | null {
  if (run.initialWeights || run.origin === "LOGGED") return run.initialWeights;
  // A run from before there was a choice began with random weights (storedTrainingConfig).
  const asked = run.config.initialWeights ?? "RANDOM";
  return asked === "RANDOM" ? { source: "RANDOM", sha256: null, layout: null, replaced: [], resized: [] } : null;
}

function cleanTensors(field: string, names: string[]): string[] {
  if (names.length > maxTensors)
    throw badInput(field, `${field} has ${names.length} names; at most ${maxTensors} are kept.`, [0, maxTensors]);
  return names.map((name) => cleanText(field, name, { min: 1 }));
}
