"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { RailContent } from "@/features/frame/rail-content";
import { cx } from "@/ui/class-names";
import { deferred } from "@/ui/deferred";
import { IconButton } from "@/ui/icon-button";

const RailDrawer = deferred(() => import("@/features/frame/rail-drawer").then((module) => module.RailDrawer));

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
      {isDrawerOpen && <RailDrawer onClose={onDrawerClose} />}
    </>
  );
}
