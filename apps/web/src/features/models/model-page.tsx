"use client";
import {
  type ArchitectureId,
  architectureFacts,
  checkpointBytes,
  isArchitectureId,
  multiplyAdds,
  parameterCount,
  trainingBounds,
} from "@residual/shared";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { useLaunch } from "@/features/launch/use-launch";
import { ArchitectureDrawing } from "@/features/models/architecture-drawing";
import { GuideChoices, GuideUse } from "@/features/models/guide-choices";
import { HardwareTable } from "@/features/models/hardware-table";
import { IssueList } from "@/features/models/issue-list";
import { ModelRuns } from "@/features/models/model-runs";
import { NoteTable } from "@/features/models/note-table";
import { SizeTable } from "@/features/models/size-table";
import { ModelPageDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { useFormat } from "@/lib/use-format";
import { useUrlState } from "@/lib/use-url-state";
import { Button, buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { FactList } from "@/ui/fact-list";
import { Select } from "@/ui/field";
import { PageHeader, Section } from "@/ui/page";
import { SkeletonRows } from "@/ui/skeleton";

/** One network: what it is, when to choose it, what the guide, the evidence and the team's own runs say. */
export function ModelPage({ architecture }: { architecture: string }) {
  const t = useTranslations("models");
  if (isArchitectureId(architecture)) return <KnownModel architecture={architecture} />;
  return (
    <EmptyState
      title={t("unknown")}
      action={
        <Link href="/models" className={buttonClasses()}>
          {t("title")}
        </Link>
      }
    />
  );
}

function KnownModel({ architecture }: { architecture: ArchitectureId }) {
  const t = useTranslations("models");
  const format = useFormat();
  const launch = useLaunch();
  const { project } = useSession();
  const [dataset, setDataset] = useUrlState("dataset", "");
  const [{ data }] = useQuery({
    query: ModelPageDocument,
    variables: {
      architecture,
      dataset: dataset || null,
      project: project.slug,
      filter: `architecture = ${architecture}`,
    },
    requestPolicy: "cache-and-network",
  });
  const facts = architectureFacts(architecture);
  const bounds = trainingBounds(architecture);
  return (
    <>
      <PageTrail steps={[{ label: t("title"), href: "/models" }, { label: facts.name }]} />
      <PageHeader
        title={facts.name}
        actions={
          <Button
            look="primary"
            icon="play"
            onClick={() => launch.open({ dataset: dataset || undefined, config: { architecture } })}
          >
            {t("train", { name: facts.name })}
          </Button>
        }
      >
        {t(`family.${facts.family}`)}
      </PageHeader>
      <div className="flex flex-col gap-4 px-4 pb-4 md:px-6">
        <FactList
          facts={[
            {
              label: t("fact.parameters"),
              value: format.count(parameterCount(architecture, 1000)),
              note: t("fact.classes", { count: 1000 }),
            },
            {
              label: t("fact.macs"),
              value: format.compact(multiplyAdds(architecture, 1000)),
              note: t("fact.size", { size: 224 }),
            },
            { label: t("fact.layers"), value: facts.layers },
            { label: t("fact.features"), value: format.count(facts.features) },
            {
              label: t("fact.checkpoint"),
              value: format.bytes(checkpointBytes({ architecture, imageSize: 224, optimizer: "ADAMW" }, 10)),
              note: t("fact.checkpointNote"),
            },
            {
              label: t("fact.images"),
              value: t("fact.imagesFrom", { count: format.count(bounds.minimumImages) }),
              note: t("fact.optimal", { count: format.count(bounds.optimalImages) }),
            },
          ]}
        />
        <ArchitectureDrawing architecture={architecture} />
      </div>
      <Section title={t("section.use")}>
        <GuideUse architecture={architecture} />
      </Section>
      <Section
        title={t("section.size")}
        actions={
          <label className="flex items-center gap-2 whitespace-nowrap" htmlFor="dataset">
            {t("dataset")}
            <Select
              id="dataset"
              className="w-auto"
              value={dataset}
              onChange={(event) => setDataset(event.target.value)}
            >
              <option value="">{t("noDataset")}</option>
              {data?.project?.datasets.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </label>
        }
      >
        <SizeTable architecture={architecture} images={dataset ? (data?.trainingGuide.datasetImages ?? null) : null} />
      </Section>
      <Section title={t("section.notes")}>
        {data ? <NoteTable guide={data.trainingGuide} /> : <SkeletonRows rows={4} />}
      </Section>
      <Section title={t("section.measured")}>
        {data ? <ModelRuns runs={data.runs.nodes} /> : <SkeletonRows rows={3} />}
      </Section>
      <Section title={t("section.hardware")}>
        <HardwareTable architecture={architecture} />
      </Section>
      <Section title={t("section.choice")}>
        <GuideChoices only={architecture} />
      </Section>
      <Section title={t("section.issues")}>
        <IssueList />
      </Section>
    </>
  );
}
