import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Project } from "../project/project.entity.js";
import { Dataset } from "./dataset.entity.js";
import { loadDataset } from "./dataset.loader.js";
import { DuplicateGroup, SplitCounts, UnreadableFile } from "./dataset-scan.js";

@Resolver(() => Dataset)
export class DatasetResolver {
  @Allow("READ")
  @Query(() => Dataset, { nullable: true })
  dataset(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Dataset> {
    return loadDataset(context, id);
  }

  @FieldResolver(() => SplitCounts, { nullable: true })
  split(@Root() dataset: Dataset): SplitCounts | null {
    if (dataset.status !== "READY") return null;
    const count = (split: "train" | "val" | "test") => dataset.classes.reduce((sum, entry) => sum + entry[split], 0);
    return { train: count("train"), val: count("val"), test: count("test"), seed: dataset.splitSeed };
  }

  // Where files lie is nobody's business who only has a link.

  @FieldResolver(() => String)
  path(@Root() dataset: Dataset, @Ctx() { viewer }: Context): string {
    return shareGrant(viewer) ? "" : dataset.path;
  }

  @FieldResolver(() => String, { nullable: true })
  error(@Root() dataset: Dataset, @Ctx() { viewer }: Context): string | null {
    return shareGrant(viewer) ? null : dataset.error;
  }

  @FieldResolver(() => [DuplicateGroup])
  duplicates(@Root() dataset: Dataset, @Ctx() { viewer }: Context): DuplicateGroup[] {
    return shareGrant(viewer) ? [] : dataset.duplicates;
  }

  @FieldResolver(() => [UnreadableFile])
  unreadable(@Root() dataset: Dataset, @Ctx() { viewer }: Context): UnreadableFile[] {
    return shareGrant(viewer) ? [] : dataset.unreadable;
  }
}

@Resolver(() => Project)
export class ProjectDatasetsResolver {
  @FieldResolver(() => [Dataset])
  datasets(@Root() project: Project, @Ctx() { db }: Context): Promise<Dataset[]> {
    return db.getRepository(Dataset).find({ where: { projectId: project.id }, order: { createdAt: "ASC", id: "ASC" } });
  }
}
