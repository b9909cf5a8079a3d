import { Field, Int, ObjectType } from "type-graphql";
import { Node } from "../../node.js";
import { PageInfo } from "../../page.js";
import { DateTimeScalar } from "../../scalars/date-time.js";
import { StepScalar } from "../../scalars/step.js";

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "A file that belongs to a run. It never changes: another upload of the same name is another version.",
})
export class Artifact implements Node {
  id: string;
  distKey: number;
  projectId: string;
  runId: string;
  createdBy: string;

  @Field(() => String, { description: "As its uploader called it; no path of any machine." })
  name: string;

  @Field(() => Int, { description: "1 for the first of this name in the run." })
  version: number;

  @Field(() => String, { description: "Of its content, as 64 hex digits." })
  sha256: string;

  @Field(() => StepScalar)
  bytes: number;

  @Field(() => String, { nullable: true, description: "What its uploader said that it is. Nothing rests on it." })
  mediaType: string | null;

  @Field(() => String, { description: "The name of the person or key that uploaded it." })
  author: string;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: "It is removed for good 30 days later." })
  trashedAt: Date | null;
}

@ObjectType()
export class ArtifactConnection {
  @Field(() => [Artifact])
  nodes: Artifact[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}

@ObjectType({ simpleResolvers: true })
export class ArtifactTensor {
  @Field(() => String)
  name: string;

  @Field(() => String, { description: "As safetensors names types: F32, BF16, I64." })
  dtype: string;

  @Field(() => [StepScalar])
  shape: number[];

  @Field(() => StepScalar)
  bytes: number;
}

@ObjectType({ simpleResolvers: true, description: "What the header of a safetensors file says is in it." })
export class TensorTable {
  @Field(() => String, { nullable: true, description: "Why it cannot be shown; then there are no tensors." })
  problem: string | null;

  @Field(() => Int)
  count: number;

  @Field(() => StepScalar, { description: "Numbers in all tensors together." })
  elements: number;

  @Field(() => [ArtifactTensor], { description: "In the order of the file, at most 2,000." })
  tensors: ArtifactTensor[];
}
