import { Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { Worker } from "./worker.entity.js";
import { isOnline, listWorkers } from "./worker.service.js";

@Resolver(() => Worker)
export class WorkerResolver {
  @Allow("READ")
  @Query(() => [Worker])
  workers(@Ctx() { db }: Context): Promise<Worker[]> {
    return listWorkers(db);
  }

  @FieldResolver(() => Boolean)
  online(@Root() worker: Worker): boolean {
    return isOnline(worker);
  }
}
