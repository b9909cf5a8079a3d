import { ModelPage } from "@/features/models/model-page";

export default async function Page({ params }: { params: Promise<{ architecture: string }> }) {
  return <ModelPage architecture={(await params).architecture} />;
}
