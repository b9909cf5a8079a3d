"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { CreateApiKeyDocument, type Scope } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { Checkbox, Field, Input, Select } from "@/ui/field";

const scopes: readonly Scope[] = ["READ", "LOG", "WORK", "MANAGE"];

/** Makes an API key and shows it, once. It works in `project`, or wherever its maker does. */
export function CreateApiKeyDialog({
  project,
  onClose,
  onCreated,
}: {
  project: { slug: string; name: string };
  onClose: () => void;
  onCreated: () => void;
}) {
  const t = useTranslations("settings");
  const [{ fetching, error, data }, create] = useMutation(CreateApiKeyDocument);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Scope[]>(["READ", "LOG"]);
  const [isBound, setBound] = useState(true);
  const [days, setDays] = useState("90");
  const problem = error && apiError(error);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const expiresInDays = days.trim() === "" ? null : Number(days);
    const result = await create({
      input: { name: name.trim(), scopes: chosen, expiresInDays, project: isBound ? project.slug : null },
    });
    if (result.data) onCreated();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("newKey")} width="narrow">
      {data ? (
        <div className="flex flex-col gap-3">
          <p>{t("keyOnce")}</p>
          <code className="rounded border bg-panel p-2 text-xs break-all">{data.createApiKey.key}</code>
          <div className="flex justify-end gap-2">
            <CopyButton text={data.createApiKey.key} look="primary" />
            <Button onClick={onClose}>{t("done")}</Button>
          </div>
        </div>
      ) : (
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <Field label={t("name")} hint={t("nameHint")} error={problem?.message}>
            {(control) => (
              <Input {...control} autoFocus required value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1 text-xs font-medium text-ink-2">{t("scopes")}</legend>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={`${t(`scope.${scope}`)}: ${t(`scopeHint.${scope}`)}`}
                checked={chosen.includes(scope)}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
                }
              />
            ))}
          </fieldset>
          <Field label={t("worksIn")}>
            {(control) => (
              <Select
                {...control}
                value={isBound ? "one" : "all"}
                onChange={(event) => setBound(event.target.value === "one")}
              >
                <option value="one">{t("thisProject", { project: project.name })}</option>
                <option value="all">{t("allProjects")}</option>
              </Select>
            )}
          </Field>
          <Field label={t("days")} hint={t("daysHint")} className="max-w-40">
            {(control) => (
              <Input {...control} inputMode="numeric" value={days} onChange={(event) => setDays(event.target.value)} />
            )}
          </Field>
          <Button
            type="submit"
            look="primary"
            className="self-end"
            disabled={fetching || name.trim() === "" || chosen.length === 0}
          >
            {t("create")}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
