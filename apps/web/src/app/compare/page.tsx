import { ComparePage } from "@/features/comparison/compare-page";

export default function Page() {
  return <ComparePage />;
}
