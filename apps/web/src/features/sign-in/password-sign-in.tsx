"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { SignInWithPasswordDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { PasswordField } from "@/ui/password-field";

/** Signs in by e-mail address and password. */
export function PasswordSignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTranslations("signIn");
  const [{ fetching, error }, signIn] = useMutation(SignInWithPasswordDocument);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const { data } = await signIn({ input: { email, password } });
    if (data) onSignedIn();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4 border-t pt-4">
      <h2 className="text-base font-semibold">{t("withPassword")}</h2>
      <Field label={t("email")}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <PasswordField
        label={t("password")}
        error={error && problemOf(apiError(error))}
        is="PRESENT"
        required
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" disabled={fetching}>
        {t("signIn")}
      </Button>
    </form>
  );

  function problemOf({ code, message }: { code: string; message: string }): string {
    return code === "UNAUTHENTICATED" ? t("wrong") : code === "UNREACHABLE" ? t("unreachable") : message;
  }
}
