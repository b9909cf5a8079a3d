"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { LiveIndicator } from "@/features/frame/live-indicator";
import { useLanguageSwitch } from "@/features/frame/use-language-switch";
import { useThemeSwitch } from "@/features/frame/use-theme-switch";
import { usePalette } from "@/features/palette/use-palette";
import { usePageTrail } from "@/lib/page-trail";
import { Icon } from "@/ui/icon";
import { IconButton } from "@/ui/icon-button";
import { KeyCap } from "@/ui/key-cap";

/** Breadcrumb, live indicator, search, theme and language. */
export function TopBar({ onMenu }: { onMenu: () => void }) {
  const t = useTranslations("frame");
  const palette = usePalette();
  const theme = useThemeSwitch();
  const language = useLanguageSwitch();
  return (
    <header
      className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-ground px-3 md:px-6"
      data-print="hide"
    >
      <IconButton icon="menu" label={t("openNavigation")} onClick={onMenu} className="md:hidden" />
      <Breadcrumb />
      <LiveIndicator />
      <button
        type="button"
        onClick={palette.open}
        onPointerEnter={palette.prepare}
        onFocus={palette.prepare}
        className="flex h-8 items-center gap-2 rounded border border-transparent px-2 text-ink-3 hover:bg-hover md:w-56 md:border-line md:bg-panel"
      >
        <Icon name="search" />
        <span className="sr-only flex-1 text-left md:not-sr-only">{t("search")}</span>
        <span className="hidden gap-1 md:flex" aria-hidden="true">
          <KeyCap>{t("controlKey")}</KeyCap>
          <KeyCap>K</KeyCap>
        </span>
      </button>
      <IconButton
        icon={theme.isDark ? "sun" : "moon"}
        label={t(theme.isDark ? "toDay" : "toNight")}
        onClick={theme.toggle}
      />
      <button
        type="button"
        onClick={language.toggle}
        aria-label={`${language.locale.toUpperCase()}: ${t("switchLanguage")}`}
        title={t("switchLanguage")}
        className="inline-flex h-8 items-center gap-1 rounded px-2 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
      >
        {language.locale.toUpperCase()}
      </button>
    </header>
  );
}

function Breadcrumb() {
  const t = useTranslations("frame");
  const trail = usePageTrail();
  return (
    <nav aria-label={t("breadcrumb")} className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center gap-1.5">
        {trail.map((step, index) => {
          const isLast = index === trail.length - 1;
          return (
            <li
              key={`${step.href ?? ""} ${step.label}`}
              className={isLast ? "min-w-0 truncate" : "hidden shrink-0 sm:block"}
            >
              {step.href && !isLast ? (
                <Link href={step.href} className="text-ink-3 hover:text-ink">
                  {step.label}
                </Link>
              ) : (
                <span aria-current={isLast ? "page" : undefined}>{step.label}</span>
              )}
              {!isLast && <span className="pl-1.5 text-ink-3">/</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
