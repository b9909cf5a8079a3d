import { Field, ID, ObjectType } from "type-graphql";
import { Scope, ViewerKind } from "../../viewer.js";

/** The part of a viewer (src/viewer.ts) that the viewer is shown. */
@ObjectType("Viewer")
export class ViewerType {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;

  @Field(() => ViewerKind)
  kind: ViewerKind;

  @Field(() => [Scope])
  scopes: Scope[];
}
