import { Sha256 } from "@residual/shared";
import type { ClientBase } from "pg";
import { z } from "zod";
import type { Context } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { checkUploader } from "./check-uploader.js";
import { type Upload, uploadColumns } from "./upload-row.js";

const mostOpen = 1_000;
const mostName = 256;

const request = z.object({
  run: z.string(),
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  mediaType: z.string().nullish(),
  leaseGeneration: z.number().int().nonnegative().default(0),
});

/**
 * Begins the upload of a file of a run. `body`: run, name, bytes, sha256 (64 hex digits) and, if it likes, mediaType; a worker's leaseGeneration. Throws BAD_INPUT naming what is
 * wrong, TOO_LARGE with what was exceeded, and CONFLICT for a run in the trash.
 */
export async function beginUpload(context: Context, body: unknown): Promise<Upload> {
  const input = read(body);
  const run = await loadRun(context, input.run);
  const leaseGeneration = await checkUploader(context, run, input.leaseGeneration);
  if (run.trashedAt)
    throw new AppError("CONFLICT", `Run ${run.id} is in the trash. Restore it, or upload to another one.`);
  const limit = context.env.RESIDUAL_FILE_BYTES;
  if (input.bytes > limit)
    throw tooLarge("fileBytes", limit, `The file has ${input.bytes} bytes; one file may have ${limit}.`);
  const id = newId("upl");
  const { token } = await context.blobs.begin(input.sha256, id);
  try {
    return await transaction(context.pool, async (client) => {
      await checkQuota(client, run, input.bytes, context.env.RESIDUAL_PROJECT_FILE_BYTES);
      const { rows } = await client.query<Upload>(
        `INSERT INTO upload (id, dist_key, project_id, run_id, name, sha256, bytes, media_type, created_by, author, token, hash_state,
           lease_generation)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${uploadColumns}`,
        [
          ...[id, run.distKey, run.projectId, run.id, input.name, input.sha256, input.bytes, input.mediaType],
          ...[context.viewer!.id, context.viewer!.name, token, Buffer.from(new Sha256().save()), leaseGeneration],
        ],
      );
      return rows[0]!;
    });
  } catch (error) {
    await context.blobs.abort({ sha256: input.sha256, token });
    throw error;
  }
}

function read(body: unknown): z.output<typeof request> & { mediaType: string | null } {
  const result = request.safeParse(body);
  if (!result.success) {
    const field = String(result.error.issues[0]?.path[0] ?? "body");
    throw badInput(
      field,
      `${field}: send JSON with run, name, bytes and sha256 of the file, and perhaps its mediaType.`,
    );
  }
  const { bytes, sha256, mediaType } = result.data;
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw badInput("bytes", "bytes is the length of the file, a whole number from 1: empty files are not kept.");
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw badInput("sha256", "sha256 must be the 64 hex digits of the file's SHA-256, in lower case.");
  if (mediaType != null && !/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(mediaType))
    throw badInput("mediaType", "mediaType must read like image/png, or be left out.");
  const name = cleanText("name", result.data.name, { min: 1, max: mostName });
  if (/[\t\n]/.test(name)) throw badInput("name", "name holds a tab or a line break. Remove it.");
  return { ...result.data, name, mediaType: mediaType ?? null };
}

/** What is being uploaded counts whole from its beginning: two who begin at once do not both get the last room. */
async function checkQuota(client: ClientBase, run: Run, bytes: number, limit: number): Promise<void> {
  await client.query("SELECT FROM project WHERE id = $1 FOR NO KEY UPDATE", [run.projectId]);
  const { rows: kept } = await client.query<{ bytes: string }>(
    "SELECT coalesce(sum(bytes), 0) AS bytes FROM artifact WHERE dist_key = $1",
    [run.distKey],
  );
  const { rows: open } = await client.query<{ bytes: string; count: number }>(
    "SELECT coalesce(sum(bytes), 0) AS bytes, count(*) AS count FROM upload WHERE project_id = $1 AND artifact_id IS NULL",
    [run.projectId],
  );
  if (open[0]!.count >= mostOpen)
    throw new AppError("RATE_LIMITED", `${mostOpen} uploads of this project are under way. Complete or delete some.`, {
      limit: mostOpen,
    });
  const used = Number(kept[0]!.bytes) + Number(open[0]!.bytes);
  if (used + bytes > limit)
    throw tooLarge(
      "projectFileBytes",
      limit,
      `The files of this project have ${used} bytes, those in the trash and under way too; with ${bytes} more they would have more than ${limit}.`,
    );
}

function tooLarge(exceeded: string, limit: number, message: string): AppError {
  return new AppError("TOO_LARGE", `${message} Whoever runs the server can raise it (docs/guide/deploy.md).`, {
    exceeded,
    limit,
  });
}
