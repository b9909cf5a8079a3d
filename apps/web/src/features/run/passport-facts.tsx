"use client";
import { useTranslations } from "next-intl";
import type { RunViewFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { type Fact, FactList } from "@/ui/fact-list";

type Passport = NonNullable<RunViewFragment["passport"]>;

/** What the network is, what it began with, and what it costs: as predicted, and as measured once it was trained. */
export function PassportFacts({ passport }: { passport: Passport }) {
  const t = useTranslations("run.system");
  const format = useFormat();
  const images = (value: number) => t("images", { value: format.number(value) });
  const milliseconds = (value: number) => t("milliseconds", { value: format.decimal(value, value < 100 ? 1 : 0) });
  const { predictedImagesPerSecond, measuredMemoryBytes, measuredImagesPerSecond } = passport;
  const { inferenceImagesPerSecond, latencyP50Milliseconds, latencyP95Milliseconds, energyWattHours } = passport;
  const facts: (Fact | false)[] = [
    {
      label: t("memory"),
      value:
        measuredMemoryBytes === null ? t("notMeasured") : t("measured", { value: format.bytes(measuredMemoryBytes) }),
      note: t("predicted", { value: format.bytes(passport.predictedMemoryBytes) }),
    },
    {
      label: t("throughput"),
      value: measuredImagesPerSecond === null ? t("notMeasured") : images(measuredImagesPerSecond),
      note:
        predictedImagesPerSecond === null
          ? undefined
          : t("predicted", { value: format.number(predictedImagesPerSecond) }),
    },
    inferenceImagesPerSecond !== null && { label: t("inference"), value: images(inferenceImagesPerSecond) },
    latencyP50Milliseconds !== null && {
      label: t("latency"),
      value: milliseconds(latencyP50Milliseconds),
      note:
        latencyP95Milliseconds === null ? undefined : t("latencyP95", { value: milliseconds(latencyP95Milliseconds) }),
    },
    energyWattHours !== null && {
      label: t("energy"),
      value: t("wattHours", { value: format.number(energyWattHours) }),
    },
    { label: t("parameters"), value: format.count(passport.parameters) },
    { label: t("macs"), value: format.compact(passport.macs) },
    { label: t("imageSize"), value: `${passport.imageSize} × ${passport.imageSize}` },
    { label: t("classes"), value: format.count(passport.classes) },
    { label: t("checkpoint"), value: format.bytes(passport.checkpointBytes) },
  ];
  return (
    <>
      <FactList facts={facts.filter((fact) => fact !== false)} />
      {passport.initialWeights && <WeightsFacts weights={passport.initialWeights} />}
    </>
  );
}

function WeightsFacts({ weights }: { weights: NonNullable<Passport["initialWeights"]> }) {
  const t = useTranslations("run.weights");
  const { source, layout, sha256, replaced, resized } = weights;
  const isScratch = source === "RANDOM";
  const facts: (Fact | false)[] = [
    { label: t("source"), value: isScratch ? t("scratch") : source, note: isScratch ? t("scratchHint") : undefined },
    !!layout && { label: t("layout"), value: layout },
    !!sha256 && { label: "SHA-256", value: <span title={sha256}>{sha256.slice(0, 12)} …</span> },
    replaced.length > 0 && { label: t("replaced"), value: replaced.join(", ") },
    resized.length > 0 && { label: t("resized"), value: resized.join(", ") },
  ];
  return (
    <section>
      <h2 className="mb-2 text-base font-semibold">{t("title")}</h2>
      <FactList facts={facts.filter((fact) => fact !== false)} />
    </section>
  );
}
