"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { SetPasswordDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { showToast } from "@/lib/toast";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { PasswordField } from "@/ui/password-field";

/** Sets or changes the password. `email`: the present address; null where there is no password yet. */
export function PasswordForm({ email, onChanged }: { email: string | null; onChanged: () => void }) {
  const t = useTranslations("settings.password");
  const [{ fetching, error }, set] = useMutation(SetPasswordDocument);
  const [address, setAddress] = useState(email ?? "");
  const [password, setPassword] = useState("");
  const [current, setCurrent] = useState("");
  const problem = error && apiError(error);
  const under = (field: string) => (problem?.field === field ? problem.message : undefined);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const result = await set({ input: { email: address, password, current: email === null ? null : current } });
    if (result.error) return;
    setPassword("");
    setCurrent("");
    showToast(t("done"));
    onChanged();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex max-w-md flex-col gap-3">
      <p className="text-ink-2">{t(email === null ? "hintNew" : "hint")}</p>
      <Field label={t("email")} hint={t("emailHint")} error={under("email")}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            autoComplete="username"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
      {email !== null && (
        <PasswordField
          label={t("current")}
          error={under("current")}
          is="PRESENT"
          required
          value={current}
          onChange={setCurrent}
        />
      )}
      <PasswordField
        label={t("new")}
        hint={t("newHint")}
        error={under("password") ?? (problem && !problem.field ? problem.message : undefined)}
        is="NEW"
        required
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" className="self-start" disabled={fetching}>
        {t(email === null ? "set" : "change")}
      </Button>
    </form>
  );
}
