"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { NewestExperimentDocument } from "@/gql/graphql";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** The address without a path: goes on to the newest experiment, or to the list where there is none. */
export function HomePage() {
  const router = useRouter();
  const { project } = useSession();
  const [{ data, error }, refetch] = useQuery({
    query: NewestExperimentDocument,
    variables: { project: project.slug },
    requestPolicy: "network-only",
  });
  useEffect(() => {
    if (!data) return;
    const newest = data.project?.experiments.nodes[0];
    router.replace(newest ? `/p/${project.slug}/e/${newest.id}` : "/experiments");
  }, [data, project.slug, router]);
  if (error) return <ErrorState error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />;
  return <SkeletonRows rows={6} />;
}
