"use client";
import { Command } from "cmdk";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { entryScore } from "@/features/palette/entry-score";
import { recentKeys, rememberKey } from "@/features/palette/recent";
import { type PaletteEntry, usePaletteEntries } from "@/features/palette/use-palette-entries";
import { Icon } from "@/ui/icon";
import { KeyCap } from "@/ui/key-cap";

const groups = ["actions", "runs", "experiments", "pages"] as const;

/** Search and actions by keyboard: what was used last stands first, then everything that fits what is typed. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("palette");
  const [text, setText] = useState("");
  const entries = usePaletteEntries(text);
  const [recent] = useState(recentKeys);
  const isTyped = text.trim() !== "";
  const recentEntries = isTyped ? [] : recent.flatMap((key) => entries.find((entry) => entry.key === key) ?? []);

  const choose = (entry: PaletteEntry) => {
    rememberKey(entry.key);
    onClose();
    entry.run();
  };
  const line = (entry: PaletteEntry, prefix = "") => (
    <Command.Item
      key={entry.key}
      value={`${prefix}${entry.key}`}
      keywords={[entry.label, entry.keywords, entry.detail ?? ""]}
      onSelect={() => choose(entry)}
      className="flex h-9 cursor-default items-center gap-2.5 rounded px-2 data-[selected=true]:bg-hover"
    >
      <Icon name={entry.icon} className="text-ink-3" />
      <span className="truncate">{entry.label}</span>
      {entry.detail && <span className="ml-auto truncate text-xs text-ink-3">{entry.detail}</span>}
    </Command.Item>
  );
  const heading =
    "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3";
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0_0/0.3)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(640px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded border border-line-strong bg-raised shadow-dialog outline-none"
        >
          <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
          <Command label={t("title")} loop filter={(_, search, keywords) => entryScore(search, keywords ?? [])}>
            <div className="flex items-center gap-2 border-b px-3">
              <Icon name="search" className="text-ink-3" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={t("placeholder")}
                className="h-11 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3"
              />
              <KeyCap>Esc</KeyCap>
            </div>
            <Command.List className="max-h-[min(440px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-2 py-6 text-center text-ink-3">{t("nothing")}</Command.Empty>
              {recentEntries.length > 0 && (
                <Command.Group heading={t("group.recent")} className={heading}>
                  {recentEntries.map((entry) => line(entry, "recent "))}
                </Command.Group>
              )}
              {groups.map((group) => {
                const inGroup = entries.filter((entry) => entry.group === group);
                if (inGroup.length === 0) return null;
                return (
                  <Command.Group key={group} heading={t(`group.${group}`)} className={heading}>
                    {inGroup.map((entry) => line(entry))}
                  </Command.Group>
                );
              })}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
