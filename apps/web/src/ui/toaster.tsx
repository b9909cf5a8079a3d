"use client";
import { useTranslations } from "next-intl";
import { Toast as Primitive } from "radix-ui";
import { dismissToast, useToasts } from "@/lib/toast";
import { buttonClasses } from "@/ui/button";
import { cx } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";

/** Where the notes of `showToast` appear. Once a page. */
export function Toaster() {
  const t = useTranslations("ui");
  const toasts = useToasts();
  return (
    <Primitive.Provider label={t("notifications")} swipeDirection="right" duration={8000}>
      {toasts.map((toast) => (
        <Primitive.Root
          key={toast.id}
          onOpenChange={(open) => !open && dismissToast(toast.id)}
          className={cx(
            "flex items-center gap-2 rounded border border-line-strong bg-raised py-2 pr-1 pl-3 shadow-dialog",
            toast.tone === "bad" && "border-l-4 border-l-bad",
            toast.tone === "warn" && "border-l-4 border-l-warn",
          )}
        >
          <Primitive.Description className="min-w-0 flex-1 text-sm">{toast.text}</Primitive.Description>
          {toast.action && (
            <Primitive.Action
              altText={toast.action.label}
              onClick={toast.action.run}
              className={buttonClasses("quiet")}
            >
              {toast.action.label}
            </Primitive.Action>
          )}
          <IconButton icon="close" label={t("close")} onClick={() => dismissToast(toast.id)} />
        </Primitive.Root>
      ))}
      <Primitive.Viewport className="fixed right-4 bottom-16 z-50 flex w-96 max-w-[calc(100vw-32px)] flex-col gap-2 outline-none md:bottom-4" />
    </Primitive.Provider>
  );
}
