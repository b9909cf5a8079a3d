"use client";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import { Logo } from "@/features/frame/logo";
import { PasswordSignIn } from "@/features/sign-in/password-sign-in";
import { ProviderSignIn } from "@/features/sign-in/provider-sign-in";
import { signInToken } from "@/features/sign-in/sign-in-token";
import { SignInDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { safeReturnPath } from "@/lib/sign-in-path";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";

/** Signs in by the token in the address; without one, says where the link is and takes a pasted one. */
export function SignInPage() {
  const t = useTranslations("signIn");
  const returnPath = safeReturnPath(useSearchParams().get("return"));
  const [{ fetching }, signIn] = useMutation(SignInDocument);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isAutomatic, setAutomatic] = useState(true);
  const hasTried = useRef(false);

  const enter = async (token: string | null) => {
    setProblem(null);
    if (!token) return setProblem(t("notAToken"));
    const result = await signIn({ token });
    if (result.error) {
      const { code, message } = apiError(result.error);
      setAutomatic(false);
      return setProblem(
        code === "UNAUTHENTICATED" ? t("refused") : code === "UNREACHABLE" ? t("unreachable") : message,
      );
    }
    // A full load, so that no connection and no cache of the signed-out page lives on.
    window.location.replace(returnPath);
  };

  useEffect(() => {
    if (hasTried.current) return;
    hasTried.current = true;
    const token = window.location.hash ? signInToken(window.location.hash) : null;
    // The token leaves the address bar and the history before anything else happens.
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    if (token) void enter(token);
    else setAutomatic(false);
  });

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void enter(signInToken(text));
  };
  return (
    <div className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 px-6 py-10">
      <div className="flex items-center gap-2 text-lg font-semibold">
        <Logo />
        Residual
      </div>
      {isAutomatic ? (
        <div aria-busy="true" className="flex flex-col gap-3">
          <h1 className="text-xl font-semibold">{t("signingIn")}</h1>
          <Skeleton className="h-8 w-full" />
        </div>
      ) : (
        <>
          <form onSubmit={submit} className="flex flex-col gap-4">
            <h1 className="text-xl font-semibold">{t("title")}</h1>
            <p className="text-ink-2">{t("explanation")}</p>
            <Field label={t("field")} hint={t("hint")} error={problem}>
              {(control) => (
                <Input
                  {...control}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="http://127.0.0.1:…/sign-in#token=…"
                />
              )}
            </Field>
            <Button type="submit" look="primary" disabled={fetching || text.trim() === ""}>
              {t("signIn")}
            </Button>
          </form>
          <ProviderSignIn returnPath={returnPath} />
          <PasswordSignIn onSignedIn={() => window.location.replace(returnPath)} />
        </>
      )}
    </div>
  );
}
