import { WorkersPage } from "@/features/worker/workers-page";

export default function Page() {
  return <WorkersPage />;
}
