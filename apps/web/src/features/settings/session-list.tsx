"use client";
import { useTranslations } from "next-intl";
import { type CombinedError, useMutation } from "urql";
import { browserName } from "@/features/settings/browser-name";
import { RevokeOtherSessionsDocument, RevokeSessionDocument, type SessionsQuery } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { RelativeTime } from "@/ui/relative-time";

type UserSession = NonNullable<SessionsQuery["viewer"]>["sessions"][number];

/** The browsers in which somebody is signed in, each with a button that ends it there. */
export function SessionList({ sessions, onChanged }: { sessions: readonly UserSession[]; onChanged: () => void }) {
  const t = useTranslations("settings.session");
  const [, revoke] = useMutation(RevokeSessionDocument);
  const [, revokeOthers] = useMutation(RevokeOtherSessionsDocument);
  const settle = ({ error }: { error?: CombinedError }) => {
    reportFailure(error);
    onChanged();
  };
  return (
    <div className="flex flex-col gap-3">
      <ul aria-label={t("title")}>
        {sessions.map(({ id, userAgent, lastSeenAt, isCurrent }) => {
          const name = browserName(userAgent) ?? t("unknown");
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t py-1.5">
              <span className="min-w-0 flex-1" title={userAgent}>
                {name}
              </span>
              {isCurrent ? (
                <Chip tone="accent">{t("current")}</Chip>
              ) : (
                <>
                  <span className="text-ink-3">
                    <RelativeTime at={lastSeenAt} />
                  </span>
                  <Button
                    look="quiet"
                    aria-label={t("endNamed", { name })}
                    onClick={() => void revoke({ id }).then(settle)}
                  >
                    {t("end")}
                  </Button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <Button className="self-start" onClick={() => void revokeOthers({}).then(settle)}>
          {t("endOthers")}
        </Button>
      )}
    </div>
  );
}
