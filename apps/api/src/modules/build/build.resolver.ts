import { Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import { BuildInfo } from "./build-info.type.js";
import { readBuildInfo } from "./read-build-info.js";

@Resolver()
export class BuildResolver {
  /** Which software runs does not change while it runs. */
  #info: Promise<BuildInfo> | undefined;

  @Allow("READ", "SHARED")
  @Query(() => BuildInfo)
  build(): Promise<BuildInfo> {
    this.#info ??= readBuildInfo();
    return this.#info;
  }
}
