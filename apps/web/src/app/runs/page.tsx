import { RunsPage } from "@/features/run-list/runs-page";

export default function Page() {
  return <RunsPage />;
}
