import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from "type-graphql";
import { Allow, requireScope } from "../../allow.js";
import type { Context } from "../../context.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { Artifact, ArtifactConnection, TensorTable } from "./artifact.type.js";
import { listArtifacts, loadArtifact } from "./load-artifact.js";
import { isSafetensors, readTensors } from "./read-tensors.js";
import { trashArtifact } from "./trash-artifact.js";

@Resolver(() => Artifact)
export class ArtifactResolver {
  @FieldResolver(() => Run)
  run(@Root() artifact: Artifact, @Ctx() context: Context): Promise<Run> {
    return loadRun(context, artifact.runId);
  }

  @FieldResolver(() => TensorTable, {
    nullable: true,
    description:
      "Null where its name does not end in .safetensors. Reads the file's header: ask for it one file at a time.",
  })
  async tensors(@Root() artifact: Artifact, @Ctx() { blobs, viewer }: Context): Promise<TensorTable | null> {
    requireScope(viewer, "READ", "Artifact.tensors");
    return isSafetensors(artifact.name) ? readTensors(blobs, artifact) : null;
  }

  @Allow("MANAGE")
  @Mutation(() => Artifact, { description: "Moves it to the trash, from where it can be restored for 30 days." })
  async deleteArtifact(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Artifact> {
    return trashArtifact(context.pool, await loadArtifact(context, id), true);
  }

  @Allow("MANAGE")
  @Mutation(() => Artifact)
  async restoreArtifact(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<Artifact> {
    return trashArtifact(context.pool, await loadArtifact(context, id), false);
  }
}

@Resolver(() => Run)
export class RunArtifactsResolver {
  @FieldResolver(() => ArtifactConnection, { description: "The newest first. Not for share links." })
  async artifacts(
    @Root() run: Run,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("trashed", () => Boolean, { defaultValue: false }) trashed: boolean,
    @Ctx() context: Context,
  ): Promise<ArtifactConnection> {
    requireScope(context.viewer, "READ", "Run.artifacts");
    return listArtifacts(context, run, { first, after: after ?? null, trashed });
  }
}
