"use client";
import { useTranslations } from "next-intl";
import { offeredDays, type ShareChoice } from "@/features/share/share-target";
import type { ShareMode } from "@/gql/graphql";
import type { ApiError } from "@/lib/api-error";
import { Checkbox, Field, Input, Select } from "@/ui/field";
import { PasswordField } from "@/ui/password-field";

const modes = ["LIVE", "FROZEN"] as const satisfies ShareMode[];

/** What a link shall show, how long, to whom, and where. */
export function ShareForm({
  choice,
  onChange,
  problem,
}: {
  choice: ShareChoice;
  onChange: (choice: ShareChoice) => void;
  problem: ApiError | null;
}) {
  const t = useTranslations("share.dialog");
  const mode = useTranslations("share.mode");
  const set = (change: Partial<ShareChoice>) => onChange({ ...choice, ...change });
  const under = (field: string) => (problem?.field === field ? problem.message : undefined);
  const elsewhere =
    problem && !["password", "embedOrigins"].includes(problem.field ?? "") ? problem.message : undefined;
  return (
    <>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-xs font-medium text-ink-2">{t("shows")}</legend>
        {modes.map((one) => (
          <label key={one} className="flex items-start gap-2">
            <input
              type="radio"
              name="mode"
              className="mt-0.5 size-4 accent-accent"
              checked={choice.mode === one}
              onChange={() => set({ mode: one })}
            />
            <span>
              {mode(one)}
              <span className="block text-xs text-ink-3">{t(`modeHint.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex flex-col gap-1">
        <Checkbox
          label={t("anonymous")}
          aria-describedby="share-anonymous"
          checked={choice.isAnonymous}
          onChange={(event) => set({ isAnonymous: event.target.checked })}
        />
        <p id="share-anonymous" className="pl-6 text-xs text-ink-3">
          {t("anonymousHint")}
        </p>
      </div>
      <Field label={t("expires")}>
        {(control) => (
          <Select
            {...control}
            value={String(choice.days)}
            onChange={(event) => set({ days: event.target.value === "null" ? null : Number(event.target.value) })}
          >
            {offeredDays.map((offered) => (
              <option key={offered} value={String(offered)}>
                {offered === null ? t("never") : t("days", { days: offered })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("label")} hint={t("labelHint")} error={elsewhere}>
        {(control) => (
          <Input
            {...control}
            value={choice.label}
            maxLength={200}
            onChange={(event) => set({ label: event.target.value })}
          />
        )}
      </Field>
      <PasswordField
        label={t("password")}
        hint={t("passwordHint")}
        error={under("password")}
        is="NEW"
        value={choice.password}
        onChange={(password) => set({ password })}
      />
      <Field label={t("sites")} hint={t("sitesHint")} error={under("embedOrigins")}>
        {(control) => (
          <Input
            {...control}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://wiki.example.org"
            value={choice.sites}
            onChange={(event) => set({ sites: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
