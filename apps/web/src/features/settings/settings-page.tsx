"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMutation } from "urql";
import { useSession } from "@/features/frame/session";
import { GapThreshold } from "@/features/gap/gap-threshold";
import { PeopleSettings } from "@/features/people/people-settings";
import { AuditSettings } from "@/features/settings/audit-settings";
import { KeySettings } from "@/features/settings/key-settings";
import { SignInSettings } from "@/features/settings/sign-in-settings";
import { SignOutDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { useUrlState } from "@/lib/use-url-state";
import { Button } from "@/ui/button";
import { PageHeader } from "@/ui/page";
import { Tabs } from "@/ui/tabs";

const tabs = [
  { key: "keys", content: <KeySettings /> },
  { key: "people", content: <PeopleSettings /> },
  { key: "signIn", content: <SignInSettings /> },
  { key: "audit", content: <AuditSettings /> },
] as const;

/** API keys, people, signing in and out, what was done, and from where on a gap counts. */
export function SettingsPage() {
  const t = useTranslations("settings");
  const router = useRouter();
  const { project, viewer } = useSession();
  const [, signOut] = useMutation(SignOutDocument);
  const [chosen, setTab] = useUrlState("tab", "keys");
  const leave = async () => {
    await signOut({});
    router.push("/sign-in");
  };
  const verdict = { key: "verdict", content: <GapThreshold project={project.slug} /> } as const;
  const all = [...tabs, verdict];
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader title={t("title")} actions={<Button onClick={() => void leave()}>{t("signOut")}</Button>}>
        {t("signedInAs", { name: viewer.name })}
      </PageHeader>
      <div className="px-4 pb-6 md:px-6">
        <Tabs
          label={t("title")}
          value={all.find(({ key }) => key === chosen)?.key ?? "keys"}
          onValueChange={(next) => setTab(next, "push")}
          tabs={all.map(({ key, content }) => ({ key, title: t(`tab.${key}`), content }))}
        />
      </div>
    </>
  );
}
