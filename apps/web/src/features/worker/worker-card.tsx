"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { readDoctorReport } from "@/features/worker/doctor-report";
import type { WorkerListQuery } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { RelativeTime } from "@/ui/relative-time";

type Worker = WorkerListQuery["workers"][number];

/** One worker: its device, the executor it chose and what it found out about the others, and what it does now. */
export function WorkerCard({ worker }: { worker: Worker }) {
  const t = useTranslations("worker");
  const format = useFormat();
  const { currentJob: job } = worker;
  const report = readDoctorReport(worker.doctor);
  const precisions = report?.executors.find(({ chosen }) => chosen)?.precisions ?? [];
  const facts: [string, string][] = [
    [t("backend"), worker.backend],
    [t("device"), worker.device],
    [t("speed"), t("gigaflops", { value: format.number(worker.gigaflops) })],
    [t("memory"), format.bytes(worker.memoryBytes)],
    [t("threads"), format.count(worker.threads)],
    [t("version"), worker.version],
    ...(worker.hourlyRate ? [[t("hourlyRate"), format.money(worker.hourlyRate)] as [string, string]] : []),
  ];
  return (
    <section aria-label={worker.name} className="border-t px-4 py-4 md:px-6">
      <h2 className="flex flex-wrap items-center gap-2 text-base font-semibold">
        {worker.name}
        <Chip tone={worker.online ? "accent" : "neutral"}>{t(worker.online ? "online" : "offline")}</Chip>
        <span className="text-sm font-normal text-ink-3">
          {worker.host} · {t("seen")} <RelativeTime at={worker.lastSeenAt} />
        </span>
      </h2>
      <p className="mt-1 text-ink-2">
        {!job && t("idle")}
        {job?.run && (
          <>
            {t("trains")}{" "}
            <Link href={`/runs/${job.run.id}`} className="text-accent hover:underline">
              {job.run.name}
            </Link>
          </>
        )}
        {job && !job.run && t("scans", { name: job.dataset?.name ?? "–" })}
      </p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr_auto_1fr]">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="tabular min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {report && (
        <p className="mt-3 flex flex-wrap items-center gap-2">
          <Chip tone={report.healthy ? "accent" : "bad"}>{t(report.healthy ? "doctor.healthy" : "doctor.ill")}</Chip>
          {precisions.map((precision) => (
            <Chip key={precision}>{precision}</Chip>
          ))}
          <Link href={`/workers/${worker.id}`} className="text-accent hover:underline">
            {t("doctor.open")}
          </Link>
        </p>
      )}
      {worker.executors.length > 0 && (
        <details className="mt-3">
          <summary className="text-accent">{t("executors", { count: worker.executors.length })}</summary>
          <div className="mt-2 overflow-x-auto">
            <table className="w-full min-w-150 text-left">
              <thead className="text-xs text-ink-3">
                <tr>
                  <th className="py-1 pr-4 font-medium">{t("executor")}</th>
                  <th className="py-1 pr-4 font-medium">{t("state")}</th>
                  <th className="py-1 pr-4 text-right font-medium">GFLOP/s</th>
                  <th className="py-1 font-medium">{t("detail")}</th>
                </tr>
              </thead>
              <tbody>
                {worker.executors.map((executor) => (
                  <tr key={executor.name} className={executor.available ? undefined : "text-ink-3"}>
                    <td className="border-t py-1 pr-4">{executor.name}</td>
                    <td className="border-t py-1 pr-4">
                      {t(executor.chosen ? "chosen" : executor.available ? "available" : "missing")}
                    </td>
                    <td className="border-t py-1 pr-4 text-right">
                      {executor.gigaflops === null ? "–" : format.number(executor.gigaflops)}
                    </td>
                    <td className="border-t py-1">{executor.detail}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}
