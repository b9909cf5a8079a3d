import type { Context } from "../../context.js";
import { badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { MemberViewer } from "../../viewer.js";
import { hashPassword } from "../account/hash-password.js";
import { loadExperiment } from "../experiment/experiment.loader.js";
import { checkRunIds, maxComparedRuns } from "../run/check-run-ids.js";
import { loadRun, loadRuns } from "../run/run.loader.js";
import { cleanEmbedOrigins } from "./embed-origins.js";
import { freezeRuns } from "./freeze-runs.js";
import { freezeSurroundings } from "./freeze-surroundings.js";
import { ShareLink } from "./share-link.entity.js";
import type { CreatedShareLink, CreateShareLinkInput } from "./share-link.input.js";

const MAX_DAYS = 365;
/** A frozen experiment keeps so many of its runs, the newest. */
const MAX_FROZEN_RUNS = 1_000;

type Target = {
  distKey: number;
  projectId: string;
  experimentId: string | null;
  runIds: string[];
  baseline: string | null;
};

/** Makes a link and shows its secret this once. A frozen one keeps the state of now. */
export async function createShareLink(context: Context, input: CreateShareLinkInput): Promise<CreatedShareLink> {
  const days = input.expiresInDays;
  if (days !== null && (days < 1 || days > MAX_DAYS))
    throw badInput(
      "expiresInDays",
      `expiresInDays is ${days}; it must be 1 to ${MAX_DAYS}, or null for a link that does not expire.`,
      [1, MAX_DAYS],
    );
  const label = cleanText("label", input.label, { max: 200 });
  const target = await targetOf(context, input);
  const id = newId("lnk");
  const secret = newSecret();
  const embedOrigins = cleanEmbedOrigins(input.embedOrigins);
  const embedKey = embedOrigins.length > 0 ? newSecret() : null;
  const passwordHash = input.password == null ? null : await hashPassword(input.password);
  const shareLink = await context.db.transaction("REPEATABLE READ", async (tx) => {
    const isFrozen = input.mode === "FROZEN";
    const runIds = isFrozen && target.experimentId ? await runsOfExperiment(tx, target) : target.runIds;
    const frozenRuns = isFrozen ? JSON.stringify(await freezeRuns(tx, target.distKey, runIds)) : null;
    const surroundings = isFrozen ? JSON.stringify(await freezeSurroundings(tx, { ...target, runIds })) : null;
    await tx.query(
      `INSERT INTO share_link (id, project_id, scope, mode, experiment_id, run_ids, baseline, label, secret_hash, expires_at, frozen_at, frozen_runs, created_by,
         frozen_surroundings, password_hash, is_anonymous, embed_hash, embed_origins)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(days => $10), ${isFrozen ? "now()" : "NULL"}, $11, $12,
         $13, $14, $15, $16, $17)`,
      [
        id,
        target.projectId,
        input.scope,
        input.mode,
        target.experimentId,
        runIds,
        target.baseline,
        label,
        hashSecret(secret),
        days,
        frozenRuns,
        (context.viewer as MemberViewer).userId,
        surroundings,
        passwordHash,
        input.isAnonymous,
        embedKey && hashSecret(embedKey),
        embedOrigins,
      ],
    );
    return tx.getRepository(ShareLink).findOneByOrFail({ id });
  });
  return { shareLink, path: `/s/${id}#${secret}`, embedPath: embedKey && `/embed/${embedKey}` };
}

/** What the link is to show; throws BAD_INPUT where the input names something else than its scope says. */
async function targetOf(context: Context, input: CreateShareLinkInput): Promise<Target> {
  if (input.scope === "RUN") {
    if (!input.run) throw badInput("run", "A link of scope RUN names the run that it shows.");
    const { distKey, projectId, id } = await loadRun(context, input.run);
    return { distKey, projectId, experimentId: null, runIds: [id], baseline: null };
  }
  if (input.scope === "EXPERIMENT") {
    if (!input.experiment)
      throw badInput("experiment", "A link of scope EXPERIMENT names the experiment that it shows.");
    const { distKey, projectId, id } = await loadExperiment(context, input.experiment);
    return { distKey, projectId, experimentId: id, runIds: [], baseline: null };
  }
  const ids = input.runs ?? [];
  checkRunIds(ids, maxComparedRuns);
  const runs = await loadRuns(context, ids);
  const baseline = input.baseline ?? null;
  if (baseline !== null && !ids.includes(baseline))
    throw badInput("baseline", "baseline is none of the runs. Name it in runs, too.");
  const { distKey, projectId } = runs[0]!;
  if (runs.some((run) => run.projectId !== projectId))
    throw badInput("runs", "The runs of a link belong to one project.");
  return { distKey, projectId, experimentId: null, runIds: ids, baseline };
}

async function runsOfExperiment(
  tx: { query(sql: string, values: unknown[]): Promise<{ id: string }[]> },
  { distKey, experimentId }: Target,
): Promise<string[]> {
  const rows = await tx.query(
    `SELECT id FROM run WHERE dist_key = $1 AND experiment_id = $2 AND trashed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ${MAX_FROZEN_RUNS}`,
    [distKey, experimentId],
  );
  return rows.map((row) => row.id);
}
