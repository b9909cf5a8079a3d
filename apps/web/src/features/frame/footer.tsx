"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { deferred } from "@/ui/deferred";

const BuildDialog = deferred(() => import("@/features/build/build-dialog").then((module) => module.BuildDialog));

/** The last line of every page. */
export function Footer() {
  const t = useTranslations("frame");
  const [isOpen, setOpen] = useState(false);
  return (
    <footer className="flex items-center gap-3 px-4 py-3 text-xs text-ink-3 md:px-6" data-print="hide">
      <button type="button" className="hover:text-ink hover:underline" onClick={() => setOpen(true)}>
        {t("softwareDetails")}
      </button>
      {isOpen && <BuildDialog onClose={() => setOpen(false)} />}
    </footer>
  );
}
