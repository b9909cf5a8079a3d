"use client";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { type CombinedError, useQuery } from "urql";
import { SessionDocument, type SessionQuery } from "@/gql/graphql";
import { apiError } from "@/lib/api-error";
import { goToSignIn } from "@/lib/sign-in-path";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Skeleton } from "@/ui/skeleton";

type Viewer = NonNullable<SessionQuery["viewer"]>;
type Project = SessionQuery["projects"]["nodes"][number];

export interface Session {
  viewer: Viewer;
  projects: Project[];
  /** The project whose experiments, runs and datasets the pages show. */
  project: Project;
  switchProject: (slug: string) => void;
}

interface SessionState {
  session: Session | null;
  /** Somebody is signed in and belongs to no project (any more). */
  isWithoutProject: boolean;
  error: CombinedError | null;
  retry: () => void;
}

const SessionContext = createContext<SessionState>({
  session: null,
  isWithoutProject: false,
  error: null,
  retry: () => {},
});
const storageKey = "residual.project";
const retryMs = 2000;

/** Who is signed in and in which project. Only under `SessionGate`, which shows its children to nobody else. */
export function useSession(): Session {
  const { session } = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionGate above it");
  return session;
}

/** As useSession, for parts that are also on screen before or without a session (frame, shared page): null then. */
export function useOptionalSession(): Session | null {
  return useContext(SessionContext).session;
}

/** Asks who is signed in; without anybody, leads to the sign-in page and back afterwards. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [{ data, error, fetching }, refetch] = useQuery({ query: SessionDocument });
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => setChosen(localStorage.getItem(storageKey)), []);

  const switchProject = useCallback((slug: string) => {
    localStorage.setItem(storageKey, slug);
    setChosen(slug);
  }, []);
  // Who only holds a shared link may not ask for projects: beyond that link it is as if nobody were signed in.
  const isSignedOut =
    !fetching &&
    ((data && !data.viewer) ||
      error?.graphQLErrors.some(({ extensions }) =>
        ["UNAUTHENTICATED", "FORBIDDEN"].includes(String(extensions.code)),
      ));
  useEffect(() => {
    if (isSignedOut) goToSignIn();
  }, [isSignedOut]);

  // The API may be starting: as long as it does not answer, it is asked again.
  const isUnreachable = error !== undefined && !data && apiError(error).code === "UNREACHABLE";
  useEffect(() => {
    if (!isUnreachable || fetching) return;
    const timer = setTimeout(() => refetch({ requestPolicy: "network-only" }), retryMs);
    return () => clearTimeout(timer);
  }, [isUnreachable, fetching, refetch]);

  const state = useMemo<SessionState>(() => {
    const projects = data?.projects.nodes ?? [];
    const project = projects.find(({ slug }) => slug === chosen) ?? projects[0];
    const session = data?.viewer && project ? { viewer: data.viewer, projects, project, switchProject } : null;
    return {
      session,
      isWithoutProject: Boolean(data?.viewer && projects.length === 0),
      error: error && !isSignedOut ? error : null,
      retry: () => refetch({ requestPolicy: "network-only" }),
    };
  }, [data, error, isSignedOut, chosen, switchProject, refetch]);

  return <SessionContext value={state}>{children}</SessionContext>;
}

/** Shows its children to somebody who is signed in; before that the outline of a page, or what went wrong. */
export function SessionGate({ children }: { children: ReactNode }) {
  const t = useTranslations("frame");
  const { session, isWithoutProject, error, retry } = useContext(SessionContext);
  if (session) return children;
  if (isWithoutProject) return <EmptyState title={t("noProject")}>{t("noProjectHint")}</EmptyState>;
  if (error) return <ErrorState error={error} onRetry={retry} />;
  return (
    <div className="flex flex-col gap-4 p-6" aria-busy="true">
      <Skeleton className="h-7 w-72" />
      <Skeleton className="h-4 w-full max-w-xl" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
