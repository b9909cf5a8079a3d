import { claimStandings, datasetSizeClasses, type ClaimStanding as Standing } from "@residual/shared";
import { Field, Float, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../graphql-enum.js";
import { Message } from "../../message.js";
import { Architecture } from "./architecture.type.js";
import { Augmentation } from "./training-config.enum.js";

export const DatasetSizeClass = graphqlEnum("DatasetSizeClass", datasetSizeClasses);
export type DatasetSizeClass = keyof typeof DatasetSizeClass;

export const GuideSource = graphqlEnum("GuideSource", ["GUIDE", "EVIDENCE", "MEASURED"]);
export type GuideSource = keyof typeof GuideSource;

const ClaimStanding = graphqlEnum("ClaimStanding", claimStandings);

@ObjectType()
export class GuideRecommendation {
  @Field(() => Int)
  batchSize: number;

  @Field(() => Int)
  epochs: number;

  @Field(() => Float)
  learningRate: number;

  @Field(() => Int)
  evalEvery: number;

  @Field(() => Augmentation)
  augmentation: Augmentation;
}

@ObjectType({
  description:
    "field: which setting the note is about, or null. source: what the guide says, what published evidence says, what runs here measured.",
})
export class GuideNote {
  @Field(() => String, { nullable: true })
  field: string | null;

  @Field(() => GuideSource)
  source: GuideSource;

  @Field(() => Message)
  message: Message;

  @Field(() => String, { nullable: true, description: "Notes on one claim share its name; null for other notes." })
  claim: string | null;

  @Field(() => ClaimStanding, {
    nullable: true,
    description: "Of the guide's note on a claim: what the evidence makes of it. OPEN: nothing was found that tells.",
  })
  standing: Standing | null;

  @Field(() => String, { nullable: true, description: "Where the evidence on a claim is written." })
  reference: string | null;
}

@ObjectType()
export class TrainingGuide {
  @Field(() => Architecture)
  architecture: Architecture;

  @Field(() => Int, { nullable: true })
  datasetImages: number | null;

  @Field(() => DatasetSizeClass, { nullable: true })
  sizeClass: DatasetSizeClass | null;

  @Field(() => GuideRecommendation)
  recommended: GuideRecommendation;

  @Field(() => [GuideNote])
  notes: GuideNote[];
}
