"use client";
import type { DoctorReport } from "@residual/shared";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { readDoctorReport } from "@/features/worker/doctor-report";
import { DoctorSpeeds } from "@/features/worker/doctor-speeds";
import { WorkerDoctorDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { useSay } from "@/lib/say";
import { buttonClasses } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Icon } from "@/ui/icon";
import { PageHeader, Section } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";
import { SkeletonRows } from "@/ui/skeleton";

/** What a worker found when it examined its machine: what works, what does not and what to do, and how fast it trains. */
export function DoctorPage({ id }: { id: string }) {
  const t = useTranslations("worker");
  const { project } = useSession();
  const [{ data, error }, ask] = useQuery({ query: WorkerDoctorDocument, variables: { id } });
  const worker = data?.node?.__typename === "Worker" ? data.node : null;
  const report = readDoctorReport(worker?.doctor);
  const trail = [{ label: project.name }, { label: t("title"), href: "/workers" }, { label: worker?.name ?? "" }];

  if (error) return <ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <SkeletonRows rows={8} />;
  return (
    <>
      <PageTrail steps={trail} />
      <PageHeader title={t("doctor.title", { name: worker?.name ?? "–" })}>
        {report && (
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Chip tone={report.healthy ? "accent" : "bad"}>{t(report.healthy ? "doctor.healthy" : "doctor.ill")}</Chip>
            <span>
              {report.host} · {t("version")} {report.version} · <RelativeTime at={report.examinedAt} />
            </span>
          </span>
        )}
      </PageHeader>
      {report ? (
        <>
          <Checks checks={report.checks} />
          <Executors executors={report.executors} />
          <Section title={t("doctor.speeds")}>
            <DoctorSpeeds report={report} />
          </Section>
        </>
      ) : (
        <EmptyState
          title={t("doctor.none")}
          action={
            <Link href="/workers" className={buttonClasses()}>
              {t("doctor.back")}
            </Link>
          }
        >
          {t("doctor.noneHint")}
        </EmptyState>
      )}
    </>
  );
}

function Checks({ checks }: { checks: DoctorReport["checks"] }) {
  const t = useTranslations("worker.doctor");
  const say = useSay();
  return (
    <Section title={t("checks")}>
      <ul className="flex max-w-4xl flex-col">
        {checks.map(({ subject, ok, finding, advice }) => (
          <li key={`${subject} ${finding.text}`} className="flex gap-2.5 border-b py-2 last:border-b-0">
            <Icon name={ok ? "check" : "close"} className={ok ? "mt-0.5 text-accent" : "mt-0.5 text-bad"} />
            <div className="min-w-0">
              <p className="break-words">
                <span className="font-medium">{t(`subject.${subject}`)}</span>
                <span className="sr-only"> {t(ok ? "passed" : "failed")}</span> · {say(finding)}
              </p>
              {advice && <p className={ok ? "break-words text-ink-3" : "break-words text-bad"}>{say(advice)}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Executors({ executors }: { executors: DoctorReport["executors"] }) {
  const t = useTranslations("worker");
  return (
    <Section title={t("doctor.executors")}>
      <ul className="flex max-w-4xl flex-col">
        {executors.map(({ name, available, chosen, detail, precisions }) => (
          <li key={name} className="border-b py-2 last:border-b-0">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{name}</span>
              <Chip tone={chosen ? "accent" : "neutral"}>
                {t(chosen ? "chosen" : available ? "available" : "missing")}
              </Chip>
              {precisions.map((precision) => (
                <Chip key={precision}>{precision}</Chip>
              ))}
            </p>
            <p className="break-words text-ink-2">{detail}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
