"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { useSession } from "@/features/frame/session";
import { CreateExperimentDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, TextArea } from "@/ui/field";

/** Asks for the name of a new experiment and the question it shall answer, creates it and goes there. */
export function CreateExperimentDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("experiment");
  const router = useRouter();
  const { project } = useSession();
  const [{ fetching, error }, create] = useMutation(CreateExperimentDocument);
  const [name, setName] = useState("");
  const [question, setQuestion] = useState("");
  const problem = error && apiError(error);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const { data } = await create({ input: { project: project.slug, name: name.trim(), question: question.trim() } });
    if (!data) return;
    onClose();
    router.push(`/p/${data.createExperiment.project.slug}/e/${data.createExperiment.id}`);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("new")} width="narrow">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field
          label={t("name")}
          hint={t("nameHint")}
          error={problem && problem.field !== "question" ? problem.message : null}
        >
          {(control) => (
            <Input {...control} autoFocus required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field
          label={t("question")}
          hint={t("questionHint")}
          error={problem?.field === "question" ? problem.message : null}
        >
          {(control) => (
            <TextArea {...control} rows={2} value={question} onChange={(event) => setQuestion(event.target.value)} />
          )}
        </Field>
        <Button type="submit" look="primary" className="self-end" disabled={fetching || name.trim() === ""}>
          {t("create")}
        </Button>
      </form>
    </Dialog>
  );
}
