import { Field, InputType, Int, ObjectType } from "type-graphql";

/** What a scan found, as the worker reports it and as the dataset keeps it. */
@ObjectType()
@InputType("ClassScanInput")
export class DatasetClass {
  @Field(() => String)
  name: string;

  @Field(() => Int)
  images: number;

  @Field(() => Int)
  train: number;

  @Field(() => Int)
  val: number;

  @Field(() => Int)
  test: number;
}

@ObjectType()
@InputType("DuplicateGroupInput")
export class DuplicateGroup {
  @Field(() => String)
  contentHash: string;

  @Field(() => [String])
  paths: string[];
}

@ObjectType()
@InputType("UnreadableFileInput")
export class UnreadableFile {
  @Field(() => String)
  path: string;

  @Field(() => String)
  reason: string;
}

@ObjectType()
export class SplitCounts {
  @Field(() => Int)
  train: number;

  @Field(() => Int)
  val: number;

  @Field(() => Int)
  test: number;

  @Field(() => Int)
  seed: number;
}
