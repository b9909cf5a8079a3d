import { Query, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import { BuildInfo } from "./build-info.type.js";
import { readBuildInfo } from "./read-build-info.js";

@Resolver()
export class BuildResolver {
  @Allow("READ", "SHARED")
  @Query(() => BuildInfo)
  build(): Promise<BuildInfo> {
    return readBuildInfo();
  }
}
