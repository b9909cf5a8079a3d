import { operatorId } from "./modules/account/user.js";
import type { MemberViewer, Scope } from "./viewer.js";

/** Whoever runs the server. */
export const operator: MemberViewer = {
  kind: "OWNER",
  id: operatorId,
  userId: operatorId,
  name: "Owner",
  principal: "session:test",
  expiresAt: null,
  scopes: ["READ", "LOG", "WORK", "MANAGE"],
  projects: null,
};

/** A key that works in all projects. */
export function keyWith(...scopes: Scope[]): MemberViewer {
  return { ...operator, kind: "API_KEY", id: "key_1", userId: null, name: "key", principal: "key:key_1", scopes };
}
