"use client";
import { useTranslations } from "next-intl";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/ui/class-names";
import { IconButton } from "@/ui/icon-button";

const widths = { narrow: "sm:max-w-md", normal: "sm:max-w-2xl", wide: "sm:max-w-6xl" } as const;

/** A modal dialog; on a narrow screen it fills the screen. Esc and a click outside close it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  width = "normal",
  footer,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  width?: keyof typeof widths;
  footer?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("ui");
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.4)]" />
        <Primitive.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          className={cx(
            "fixed z-50 flex flex-col bg-raised shadow-dialog outline-none",
            "inset-0 sm:inset-auto sm:top-[8vh] sm:left-1/2 sm:max-h-[84vh] sm:w-[calc(100vw-48px)] sm:-translate-x-1/2 sm:rounded sm:border",
            widths[width],
          )}
        >
          <header className="flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="text-ink-2">{description}</Primitive.Description>
              )}
            </div>
            <IconButton icon="close" label={t("close")} onClick={() => onOpenChange(false)} />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-4 py-3">{footer}</footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
