import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { Worker } from "./worker.entity.js";
import { seesWorker } from "./worker.loader.js";
import { isOnline, listWorkers } from "./worker.service.js";

@Resolver(() => Worker)
export class WorkerResolver {
  @Allow("READ")
  @Query(() => [Worker])
  async workers(@Ctx() { db, viewer }: Context): Promise<Worker[]> {
    return (await listWorkers(db)).filter((worker) => seesWorker(viewer, worker));
  }

  @FieldResolver(() => Boolean)
  online(@Root() worker: Worker): boolean {
    return isOnline(worker);
  }
}
