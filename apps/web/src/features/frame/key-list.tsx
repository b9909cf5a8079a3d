"use client";
import { useTranslations } from "next-intl";
import { useShortcuts } from "@/lib/shortcuts";
import { Dialog } from "@/ui/dialog";
import { KeyCap } from "@/ui/key-cap";

/** All keys that work on the page that is open. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const t = useTranslations("frame");
  const shortcuts = useShortcuts();
  const names: Record<string, string> = { mod: t("controlKey"), ctrl: t("controlKey"), Enter: "↵", Escape: "Esc" };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("keys")} width="narrow">
      <dl className="flex flex-col">
        {shortcuts.map(({ keys, label }) => (
          <div key={`${keys} ${label}`} className="flex h-9 items-center gap-3 border-b last:border-b-0">
            <dt className="flex-1">{label}</dt>
            <dd className="flex gap-1">
              {keys.split("+").map((key) => (
                <KeyCap key={key}>{names[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</KeyCap>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
