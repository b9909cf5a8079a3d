"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { useSession } from "@/features/frame/session";
import { RegisterDatasetDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";

/** The folder's own name, as a name for its dataset. */
function nameOf(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? "";
}

/** Registers a folder of class folders; a worker then scans it. */
export function RegisterDatasetDialog({ onClose, onRegistered }: { onClose: () => void; onRegistered: () => void }) {
  const t = useTranslations("dataset");
  const { project } = useSession();
  const [{ fetching, error }, register] = useMutation(RegisterDatasetDocument);
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [valPercent, setValPercent] = useState("15");
  const [testPercent, setTestPercent] = useState("10");
  const [splitSeed, setSplitSeed] = useState("0");
  const problem = error && apiError(error);
  const problemOf = (field: string) => (problem?.field === field ? problem.message : null);
  const isPlaced = ["path", "name", "valFraction", "testFraction", "splitSeed"].includes(problem?.field ?? "");

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const { data } = await register({
      input: {
        project: project.slug,
        path: path.trim(),
        name: name.trim() || nameOf(path.trim()),
        valFraction: Number(valPercent.replace(",", ".")) / 100,
        testFraction: Number(testPercent.replace(",", ".")) / 100,
        splitSeed: Number(splitSeed),
      },
    });
    if (!data) return;
    onRegistered();
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("register")} description={t("registerHint")}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t("path")} hint={t("pathHint")} error={problemOf("path")}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              required
              spellCheck={false}
              className="w-full font-mono"
              placeholder="/home/…/images"
              value={path}
              onChange={(event) => setPath(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("name")} error={problemOf("name")}>
          {(control) => (
            <Input
              {...control}
              placeholder={nameOf(path)}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="grid grid-cols-3 items-start gap-3">
          <Field label={t("valPercent")} error={problemOf("valFraction")}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={valPercent}
                onChange={(event) => setValPercent(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("testPercent")} error={problemOf("testFraction")}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={testPercent}
                onChange={(event) => setTestPercent(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("splitSeed")} error={problemOf("splitSeed")}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={splitSeed}
                onChange={(event) => setSplitSeed(event.target.value)}
              />
            )}
          </Field>
        </div>
        <p className="text-xs text-ink-3">{t("splitHint")}</p>
        {problem && !isPlaced && (
          <p role="alert" className="text-bad">
            {problem.message}
          </p>
        )}
        <Button type="submit" look="primary" className="self-end" disabled={fetching || path.trim() === ""}>
          {t("scan")}
        </Button>
      </form>
    </Dialog>
  );
}
