import { graphqlEnum } from "./graphql-enum.js";
import type { Dataset } from "./modules/dataset/dataset.entity.js";
import type { Experiment } from "./modules/experiment/experiment.entity.js";
import type { Run } from "./modules/run/run.entity.js";

export const Scope = graphqlEnum("Scope", ["READ", "LOG", "WORK", "MANAGE"]);
export type Scope = keyof typeof Scope;

export const ViewerKind = graphqlEnum("ViewerKind", ["OWNER", "USER", "API_KEY", "SHARE_LINK"]);
export type ViewerKind = keyof typeof ViewerKind;

export const Role = graphqlEnum("Role", ["VIEWER", "MEMBER", "OWNER"]);
export type Role = keyof typeof Role;

/** Who asks. `principal` names the credential, so that its revocation finds the open connections (connections.ts). */
interface Credential {
  id: string;
  name: string;
  principal: string;
  /** When the credential ends by itself: sockets are closed then. */
  expiresAt: Date | null;
}

/** What a member may do in one project. */
export interface ProjectAccess {
  role: Role;
  scopes: readonly Scope[];
}

export interface MemberViewer extends Credential {
  /** OWNER: whoever runs the server, by the address that it printed. USER: whoever was invited. */
  kind: "OWNER" | "USER" | "API_KEY";
  /** The user behind a session or a key; null for the key of the server's own worker. */
  userId: string | null;
  /** Everything that it may do in some project. */
  scopes: Scope[];
  /** The projects that it may see, by id; null: all of them, with all of its scopes. */
  projects: ReadonlyMap<string, ProjectAccess> | null;
}

/** What a share link lets its holder see; made by the share-link module, asked wherever a run or experiment is loaded. */
export interface ShareGrant {
  linkId: string;
  /** Shows nothing that names people, machines or places. */
  isAnonymous: boolean;
  /** The runs that a frozen link shows; null for a live one. */
  frozenRunIds: readonly string[] | null;
  coversRun(run: Run): boolean;
  coversExperiment(experiment: Experiment): boolean;
  /** The run as the link shows it: for a frozen link its state of that moment, for an anonymous one without what names anybody. */
  present(run: Run): Run;
  presentExperiment(experiment: Experiment): Experiment;
  presentDataset(dataset: Dataset): Dataset;
  /** A text as the link shows it. */
  presentText(text: string): string;
  /** Whether it shows what is logged under this name. */
  showsKey(key: string): boolean;
}

export interface ShareViewer extends Credential {
  kind: "SHARE_LINK";
  scopes: Scope[];
  share: ShareGrant;
}

export type Viewer = MemberViewer | ShareViewer;

/** The grant when the viewer holds a share link, else null: what members see, access.ts says. */
export function shareGrant(viewer: Viewer | null): ShareGrant | null {
  return viewer?.kind === "SHARE_LINK" ? viewer.share : null;
}
