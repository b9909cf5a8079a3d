import { ExperimentsPage } from "@/features/experiment/experiments-page";

export default function Page() {
  return <ExperimentsPage />;
}
