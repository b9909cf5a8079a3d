import { Ctx, Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { BuildInfo } from "./build-info.type.js";
import { readBuildInfo } from "./read-build-info.js";

@Resolver()
export class BuildResolver {
  /** Which software runs does not change while it runs. */
  #info: Promise<BuildInfo> | undefined;

  @Allow("READ", "SHARED")
  @Query(() => BuildInfo)
  async build(@Ctx() { viewer }: Context): Promise<BuildInfo> {
    this.#info ??= readBuildInfo();
    const info = await this.#info;
    const grant = shareGrant(viewer);
    if (!grant) return info;
    // A branch, or a change, may be named after somebody.
    const changes = info.changes.map((change) => ({ ...change, subject: grant.presentText(change.subject) }));
    return { ...info, branch: grant.presentText(info.branch), changes };
  }
}
