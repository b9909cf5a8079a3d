"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/ui/button";

/** Copies text to the clipboard and says so for a moment. */
export function CopyButton({
  text,
  label,
  look,
}: {
  text: string;
  label?: string;
  look?: "primary" | "secondary" | "quiet";
}) {
  const t = useTranslations("ui");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button look={look} icon={copied ? "check" : "copy"} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t("copied") : (label ?? t("copy"))}</span>
    </Button>
  );
}
