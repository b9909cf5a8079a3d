import { Field, ID, InterfaceType } from "type-graphql";
import { type IdPrefix, idPrefix } from "./ids.js";

const typeNames: Record<IdPrefix, string> = {
  prj: "Project",
  exp: "Experiment",
  run: "Run",
  dst: "Dataset",
  wrk: "Worker",
  job: "Job",
  lnk: "ShareLink",
  key: "ApiKey",
  swp: "Sweep",
  art: "Artifact",
};

/** Everything that has an id of its own. The id's prefix tells the type. */
@InterfaceType({ resolveType: (value: Node) => typeNames[idPrefix(value.id)!] })
export abstract class Node {
  @Field(() => ID)
  id: string;
}
