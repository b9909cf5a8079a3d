import type { IconName } from "@/ui/icon";

/** The places of the left rail and of the palette, in order. A place is current where the path starts with one of `paths`. */
export const places = [
  { key: "experiments", href: "/experiments", icon: "experiment", paths: ["/experiments", "/p/"] },
  { key: "runs", href: "/runs", icon: "run", paths: ["/runs"] },
  { key: "compare", href: "/compare", icon: "compare", paths: ["/compare"] },
  { key: "models", href: "/models", icon: "model", paths: ["/models"] },
  { key: "datasets", href: "/datasets", icon: "dataset", paths: ["/datasets"] },
  { key: "workers", href: "/workers", icon: "worker", paths: ["/workers"] },
  { key: "links", href: "/links", icon: "link", paths: ["/links"] },
  { key: "trash", href: "/trash", icon: "trash", paths: ["/trash"] },
  { key: "settings", href: "/settings", icon: "settings", paths: ["/settings"] },
] as const satisfies { key: string; href: string; icon: IconName; paths: string[] }[];
