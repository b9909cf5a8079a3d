"use client";
import { useTranslations } from "next-intl";
import { type SyntheticEvent, useEffect, useState } from "react";
import { useMutation, useQuery } from "urql";
import { Logo } from "@/features/frame/logo";
import { keepSecret, takeKeptSecret } from "@/features/people/kept-secret";
import { ProviderButton } from "@/features/sign-in/provider-button";
import { AcceptInviteDocument, InviteDocument } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { PasswordField } from "@/ui/password-field";
import { Skeleton } from "@/ui/skeleton";

/** What an invite opens, and the way in: for somebody new with a name, for who is signed in with one button. */
export function JoinPage({ id }: { id: string }) {
  const t = useTranslations("people.join");
  const role = useTranslations("people.roles");
  const [secret, setSecret] = useState<string | null>(null);
  useEffect(() => {
    setSecret(window.location.hash.slice(1) || takeKeptSecret(id));
    // The secret leaves the address bar and the history before anything else happens.
    window.history.replaceState(null, "", window.location.pathname);
  }, [id]);
  const [{ data, error }] = useQuery({
    query: InviteDocument,
    variables: { input: { id, secret: secret ?? "" } },
    pause: secret === null,
  });
  const [accepted, accept] = useMutation(AcceptInviteDocument);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const problem = accepted.error && apiError(accepted.error);
  const under = (field: string) => (problem?.field === field ? problem.message : undefined);
  const isPerson = data?.viewer?.kind === "OWNER" || data?.viewer?.kind === "USER";
  // Null, too: the invite was refused.
  const isNew = data != null && data.invite.user === null && !isPerson;

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const credentials = password === "" && email === "" ? {} : { email, password };
    const result = await accept({ input: { id, secret: secret ?? "", name, ...(isNew ? credentials : {}) } });
    // A full load, so that no connection and no cache of the signed-out page lives on.
    if (result.data) window.location.replace("/");
  };
  return (
    <div className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 px-6 py-10">
      <div className="flex items-center gap-2 text-lg font-semibold">
        <Logo />
        Residual
      </div>
      {error && !data && (
        <>
          <h1 className="text-xl font-semibold">{t("gone")}</h1>
          <p className="text-ink-2">{apiError(error).code === "UNREACHABLE" ? t("unreachable") : t("goneHint")}</p>
        </>
      )}
      {!data && !error && <Skeleton className="h-8 w-full" />}
      {data && (
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <h1 className="text-xl font-semibold">
            {data.invite.project === null
              ? t("again", { name: data.invite.user ?? "" })
              : t("title", { project: data.invite.project })}
          </h1>
          {data.invite.role && <p className="text-ink-2">{t("as", { role: role(data.invite.role) })}</p>}
          {isPerson && <p className="text-ink-2">{t("signedIn", { name: data.viewer?.name ?? "" })}</p>}
          {isNew && secret !== null && (
            <ProviderButton returnPath={`/join/${id}`} onLeave={() => keepSecret(id, secret)} after={t("orElse")} />
          )}
          {isNew && (
            <>
              <Field label={t("name")} hint={t("nameHint")} error={under("name")}>
                {(control) => (
                  <Input
                    {...control}
                    required
                    autoFocus
                    autoComplete="name"
                    value={name}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Field>
              <Field label={t("email")} hint={t("emailHint")} error={under("email")}>
                {(control) => (
                  <Input
                    {...control}
                    type="email"
                    autoComplete="username"
                    value={email}
                    onChange={(event) => setEmail(event.target.value)}
                  />
                )}
              </Field>
              <PasswordField
                label={t("password")}
                hint={t("passwordHint")}
                error={under("password")}
                is="NEW"
                value={password}
                onChange={setPassword}
              />
            </>
          )}
          {problem && !["name", "email", "password"].includes(problem.field ?? "") && (
            <p role="alert" className="text-bad">
              {problem.message}
            </p>
          )}
          <Button type="submit" look="primary" disabled={accepted.fetching || (isNew && name.trim() === "")}>
            {t(data.invite.project === null ? "enter" : "join")}
          </Button>
        </form>
      )}
    </div>
  );
}
