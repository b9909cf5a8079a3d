import { DoctorPage } from "@/features/worker/doctor-page";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <DoctorPage id={(await params).id} />;
}
