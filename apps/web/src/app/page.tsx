import { HomePage } from "@/features/experiment/home-page";

export default function Page() {
  return <HomePage />;
}
