import { DatasetsPage } from "@/features/dataset/datasets-page";

export default function Page() {
  return <DatasetsPage />;
}
