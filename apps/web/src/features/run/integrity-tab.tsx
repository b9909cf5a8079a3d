"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { PageRun } from "@/features/run/use-run";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { FactList } from "@/ui/fact-list";
import { RelativeTime } from "@/ui/relative-time";

const cell = "border-b py-1 pr-6 text-left align-top";

/** Whether everything that was acknowledged is stored, by which jobs the run was trained, and which checkpoints it left. */
export function IntegrityTab({ run }: { run: PageRun }) {
  const t = useTranslations("run.integrity");
  const format = useFormat();
  const { integrity, jobs, checkpoints } = run;
  const missing = integrity.pointsAcknowledged - integrity.pointsStored;
  return (
    <div className="flex flex-col gap-6">
      <section className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-2 text-base" data-testid="integrity">
          <Chip tone={missing > 0 ? "bad" : "accent"}>
            {t("stored", {
              stored: format.count(integrity.pointsStored),
              acknowledged: format.count(integrity.pointsAcknowledged),
            })}
          </Chip>
          {missing > 0 ? t("incomplete", { missing: format.count(missing) }) : t("complete")}
        </p>
        <FactList
          facts={[
            { label: t("duplicates"), value: format.count(integrity.framesDuplicated) },
            { label: t("superseded"), value: format.count(integrity.pointsSuperseded) },
          ]}
        />
      </section>
      <section>
        <h2 className="mb-2 text-base font-semibold">{t("jobs")}</h2>
        {jobs.length === 0 ? (
          <p className="text-ink-3">{t("noJobs")}</p>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full text-sm">
              <thead className="text-xs text-ink-3">
                <tr>
                  {(["state", "created", "worker"] as const).map((column) => (
                    <th key={column} scope="col" className={`${cell} font-normal`}>
                      {t(column)}
                    </th>
                  ))}
                  <th className={cell}>
                    <span className="sr-only">{t("jobs")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {jobs.map((job) => (
                  <tr key={job.id}>
                    <td className={cell}>
                      <Chip tone={job.status === "FAILED" ? "bad" : job.status === "LEASED" ? "accent" : "neutral"}>
                        {t(`status.${job.status}`)}
                      </Chip>
                    </td>
                    <td className={cell}>
                      <RelativeTime at={job.createdAt} />
                    </td>
                    <td className={cell}>
                      {job.worker ? (
                        <Link href="/workers" className="underline">
                          {job.worker.name}
                        </Link>
                      ) : (
                        "–"
                      )}
                    </td>
                    <td className={cell}>
                      {t("job", { attempt: job.attempt, generation: job.leaseGeneration })}
                      {job.resumedFromStep ? `, ${t("resumedFrom", { step: format.count(job.resumedFromStep) })}` : ""}
                      {job.error && <div className="text-bad">{job.error}</div>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <section>
        <h2 className="mb-2 text-base font-semibold">{t("checkpoints")}</h2>
        {checkpoints.length === 0 ? (
          <p className="text-ink-3">{t("noCheckpoints")}</p>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full text-sm">
              <thead className="text-xs text-ink-3">
                <tr>
                  {(["epoch", "step", "size", "written", "file"] as const).map((column) => (
                    <th key={column} scope="col" className={`${cell} font-normal`}>
                      {t(column)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {checkpoints.map((checkpoint) => (
                  <tr key={`${checkpoint.step} ${checkpoint.leaseGeneration}`}>
                    <td className={cell}>{checkpoint.epoch}</td>
                    <td className={cell}>{format.count(checkpoint.step)}</td>
                    <td className={cell}>{format.bytes(checkpoint.bytes)}</td>
                    <td className={cell}>
                      <RelativeTime at={checkpoint.createdAt} />
                    </td>
                    <td className={`${cell} font-mono text-xs break-all`} title={checkpoint.sha256}>
                      {checkpoint.path}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </div>
  );
}
