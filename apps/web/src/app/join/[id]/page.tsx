import { JoinPage } from "@/features/people/join-page";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <JoinPage id={(await params).id} />;
}
