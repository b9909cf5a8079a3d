/** A repository of weights on the Hub, and which of its states is meant. */
export interface HubName {
  /** `organisation/name`, or `name` for the oldest ones. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const part = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
const pattern = new RegExp(`^(hf:)?((?:${part}/)?${part})(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,199}))?$`);

/**
 * Reads `timm/resnet18.a1_in1k`, `hf:organisation/name`, each with `@revision`; undefined for anything else. Without `hf:` a name needs
 * an organisation, so that a mistyped file is not asked of the Hub.
 */
export function parseHubName(text: string): HubName | undefined {
  const [, prefix, repository, revision = "main"] = pattern.exec(text) ?? [];
  if (repository === undefined || (prefix === undefined && !repository.includes("/"))) return undefined;
  // What would climb out of the cache's folders.
  if ([repository, revision].some((name) => name.includes("..") || name.includes("//"))) return undefined;
  return { repository, revision };
}

const commitPattern = /^[0-9a-f]{40}$/;

export function isCommit(revision: string): boolean {
  return commitPattern.test(revision);
}
