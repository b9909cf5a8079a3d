"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { places } from "@/features/frame/places";
import { ProjectSwitch } from "@/features/frame/project-switch";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";
import { IconButton } from "@/ui/icon-button";

const storageKey = "residual.rail";

/** The left rail: 220 px, or 56 px with icons only; on a narrow screen a drawer. */
export function Rail({ isDrawerOpen, onDrawerClose }: { isDrawerOpen: boolean; onDrawerClose: () => void }) {
  const t = useTranslations("frame");
  const [isNarrow, setNarrow] = useState(false);
  useEffect(() => setNarrow(localStorage.getItem(storageKey) === "narrow"), []);
  const toggle = () => {
    localStorage.setItem(storageKey, isNarrow ? "wide" : "narrow");
    setNarrow(!isNarrow);
  };
  return (
    <>
      <div
        className={cx(
          "sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-panel md:flex",
          isNarrow ? "w-14" : "w-55",
        )}
        data-print="hide"
      >
        <RailContent isNarrow={isNarrow} />
        <div className="mt-auto p-3">
          <IconButton icon="sidebar" label={t(isNarrow ? "widenRail" : "narrowRail")} onClick={toggle} />
        </div>
      </div>
      <Dialog.Root open={isDrawerOpen} onOpenChange={(open) => !open && onDrawerClose()}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.4)]" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 flex w-64 flex-col border-r bg-panel shadow-dialog outline-none"
          >
            <Dialog.Title className="sr-only">{t("navigation")}</Dialog.Title>
            <RailContent isNarrow={false} onNavigate={onDrawerClose} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

function RailContent({ isNarrow, onNavigate }: { isNarrow: boolean; onNavigate?: () => void }) {
  const t = useTranslations("frame");
  const pathname = usePathname();
  return (
    <>
      <div className="flex h-12 items-center px-3">
        <ProjectSwitch isNarrow={isNarrow} />
      </div>
      <nav aria-label={t("navigation")} className="flex flex-col gap-0.5 px-3 py-1">
        {places.map((place) => {
          const isCurrent = place.paths.some((path) => pathname.startsWith(path));
          const label = t(`place.${place.key}`);
          return (
            <Link
              key={place.key}
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
          );
        })}
      </nav>
    </>
  );
}
