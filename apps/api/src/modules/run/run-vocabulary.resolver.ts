import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { requireRead } from "../../allow.js";
import type { Context } from "../../context.js";
import { Project } from "../project/project.entity.js";
import { readVocabulary } from "./read-vocabulary.js";

@ObjectType({
  description: "What a query about the project's runs can ask for, besides the fields that every run has.",
})
export class RunVocabulary {
  @Field(() => [String])
  metricKeys: string[];

  @Field(() => [String], { description: "As a query writes them, e.g. `config.optimizer.learningRate`." })
  configPaths: string[];

  @Field(() => [String], { description: "Of the newest thousand runs." })
  tags: string[];
}

@Resolver(() => Project)
export class RunVocabularyResolver {
  @FieldResolver(() => RunVocabulary)
  runVocabulary(@Root() { distKey }: Project, @Ctx() { pool, viewer }: Context): Promise<RunVocabulary> {
    requireRead(viewer, "Project.runVocabulary");
    return readVocabulary(pool, distKey);
  }
}
