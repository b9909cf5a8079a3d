import { TrashPage } from "@/features/trash/trash-page";

export default function Page() {
  return <TrashPage />;
}
