"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useLanguageSwitch } from "@/features/frame/use-language-switch";
import { useThemeSwitch } from "@/features/frame/use-theme-switch";
import { usePalette } from "@/features/palette/use-palette";
import { useShortcut } from "@/lib/shortcuts";
import { deferred } from "@/ui/deferred";

const KeyList = deferred(() => import("@/features/frame/key-list").then((module) => module.KeyList));

/** The keys that work on every page. */
export function FrameShortcuts() {
  const t = useTranslations("frame");
  const palette = usePalette();
  const theme = useThemeSwitch();
  const language = useLanguageSwitch();
  const [isListOpen, setListOpen] = useState(false);
  useShortcut("mod+k", t("key.palette"), palette.toggle);
  useShortcut("ctrl+d", t("key.theme"), theme.toggle);
  useShortcut("ctrl+l", t("key.language"), language.toggle);
  useShortcut("?", t("key.list"), () => setListOpen(true));
  return isListOpen && <KeyList onClose={() => setListOpen(false)} />;
}
