"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import type { PasswordProblem } from "@/features/share/shared-link";
import { Button } from "@/ui/button";
import { PasswordField } from "@/ui/password-field";

/** Asks for the password of a link. `problem`: what is wrong with the last one. */
export function PasswordGate({
  problem,
  onEnter,
}: {
  problem: PasswordProblem | null;
  onEnter: (password: string) => void;
}) {
  const t = useTranslations("share.page");
  const [password, setPassword] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onEnter(password);
  };
  return (
    <form onSubmit={submit} className="mx-auto flex max-w-sm flex-col gap-4 px-6 py-10">
      <h1 className="text-xl font-semibold">{t("passwordTitle")}</h1>
      <PasswordField
        label={t("password")}
        hint={t("passwordHint")}
        error={problem && t(`passwordProblem.${problem}`)}
        is="ONE_TIME"
        required
        autoFocus
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" look="primary" disabled={password === ""}>
        {t("passwordEnter")}
      </Button>
    </form>
  );
}
