"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { places } from "@/features/frame/places";
import { ProjectSwitch } from "@/features/frame/project-switch";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";

/** The project and the places in it. */
export function RailContent({ isNarrow, onNavigate }: { isNarrow: boolean; onNavigate?: () => void }) {
  const t = useTranslations("frame");
  const pathname = usePathname();
  return (
    <nav aria-label={t("navigation")}>
      <div className="flex h-12 items-center px-3">
        <ProjectSwitch isNarrow={isNarrow} />
      </div>
      <ul className="flex flex-col gap-0.5 px-3 py-1">
        {places.map((place) => {
          const isCurrent = place.paths.some((path) => pathname.startsWith(path));
          const label = t(`place.${place.key}`);
          return (
            <li key={place.key}>
              <Link
                href={place.href}
                onClick={onNavigate}
                aria-current={isCurrent ? "page" : undefined}
                title={isNarrow ? label : undefined}
                className={cx(
                  "flex h-8 items-center gap-2.5 rounded px-2",
                  isCurrent ? "bg-hover font-medium text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
                )}
              >
                <Icon name={place.icon} />
                <span className={isNarrow ? "sr-only" : undefined}>{label}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
