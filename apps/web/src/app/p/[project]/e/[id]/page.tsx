import { ExperimentPage } from "@/features/experiment/experiment-page";

export default async function Page({ params }: { params: Promise<{ project: string; id: string }> }) {
  const { project, id } = await params;
  return <ExperimentPage key={id} project={project} id={id} />;
}
