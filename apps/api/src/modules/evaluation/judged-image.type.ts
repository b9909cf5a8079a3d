import { ArgsType, Field, Float, ID, Int, ObjectType } from "type-graphql";
import { badInput } from "../../errors.js";
import { Message } from "../../message.js";
import { checkPageSize } from "../../page.js";

@ObjectType({ simpleResolvers: true, description: "What a run took an image for." })
export class ImagePrediction {
  @Field(() => ID)
  run: string;

  @Field(() => String)
  class: string;

  @Field(() => Float, { nullable: true })
  confidence: number | null;

  @Field(() => Boolean)
  isRight: boolean;
}

@ObjectType({ simpleResolvers: true })
export class JudgedImage {
  @Field(() => Int, { description: "Its place in the split's order, from 0." })
  index: number;

  @Field(() => String, { nullable: true, description: "Path from the dataset's folder on. Shown to members only." })
  file: string | null;

  @Field(() => String, { nullable: true, description: "Address of a small WebP, on the server that answers this." })
  picture: string | null;

  @Field(() => String, { nullable: true, description: "Its class; null where that is not known." })
  truth: string | null;

  @Field(() => [ImagePrediction])
  predictions: ImagePrediction[];
}

@ObjectType({ simpleResolvers: true, description: "A page of images of which something is true." })
export class JudgedImages {
  @Field(() => Int)
  total: number;

  @Field(() => [JudgedImage])
  nodes: JudgedImage[];

  @Field(() => Message, { nullable: true, description: "Why no picture can be shown; null where they can." })
  picturesMissing: Message | null;
}

@ArgsType()
export class ImagePageArgs {
  @Field(() => Int, { defaultValue: 24 })
  first: number;

  @Field(() => Int, { defaultValue: 0, description: "Images that are passed over." })
  offset: number;
}

/** Throws BAD_INPUT for a page that cannot be. */
export function checkImagePage({ first, offset }: ImagePageArgs): void {
  checkPageSize(first);
  if (offset < 0)
    throw badInput("offset", `offset is ${offset}; it says how many images are passed over.`, [0, 2 ** 31 - 1]);
}
