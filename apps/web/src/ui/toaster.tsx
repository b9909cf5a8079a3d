"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { dismissToast, type Toast, useToasts } from "@/lib/toast";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";

const shownMs = 8000;

/** Where the notes of `showToast` appear and are read out. Once a page. */
export function Toaster() {
  const t = useTranslations("ui");
  const toasts = useToasts();
  return (
    <section
      aria-label={t("notifications")}
      aria-live="polite"
      className="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-32px)] flex-col gap-2"
      data-print="hide"
    >
      {toasts.map((toast) => (
        <ToastNote key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

/** A note goes by itself, but not while the pointer or the focus is on it. */
function ToastNote({ toast }: { toast: Toast }) {
  const t = useTranslations("ui");
  const [isHeld, setHeld] = useState(false);
  const dismiss = () => dismissToast(toast.id);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissToast(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [isHeld, toast.id]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing can be done here but to read on; the buttons inside are buttons
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className={cx(
        "flex items-center gap-2 rounded border border-line-strong bg-raised py-2 pr-1 pl-3 shadow-dialog",
        toast.tone === "bad" && "border-l-4 border-l-bad",
        toast.tone === "warn" && "border-l-4 border-l-warn",
      )}
    >
      <span className="min-w-0 flex-1 text-sm">{toast.text}</span>
      {toast.action && (
        <Button
          look="quiet"
          onClick={() => {
            toast.action?.run();
            dismiss();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton icon="close" label={t("close")} onClick={dismiss} />
    </div>
  );
}
