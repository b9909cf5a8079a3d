import { SharedPage } from "@/features/share/shared-page";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <SharedPage id={(await params).id} />;
}
