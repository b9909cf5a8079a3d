"use client";
import { useTranslations } from "next-intl";
import { Popover } from "radix-ui";
import { IconButton } from "@/ui/icon-button";

const examples = [
  "status = RUNNING",
  "architecture in (resnet50, resnet101)",
  "val/accuracy@best > 90% and gap < 5%",
  "verdict in (OVERFITTING, OVERCONFIDENT)",
  "config.learningRate < 1e-3 and not tag = baseline",
  "createdAt > -7d and duration > 2h",
  'name ~ "warm" or val/accuracy@best = null',
] as const;

/** What can be asked for, in a few lines, with examples to take. */
export function QueryHelp({ onExample }: { onExample: (query: string) => void }) {
  const t = useTranslations("runList.help");
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton icon="info" label={t("title")} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          collisionPadding={8}
          sideOffset={4}
          aria-label={t("title")}
          className="z-30 w-[min(440px,calc(100vw-16px))] rounded border border-line-strong bg-raised p-3 text-sm shadow-dialog outline-none"
        >
          <p className="font-medium">{t("title")}</p>
          <p className="mt-1 text-ink-2">{t("fields")}</p>
          <p className="mt-1 text-ink-2">{t("operators")}</p>
          <p className="mt-1 text-ink-2">{t("missing")}</p>
          <ul className="mt-2 flex flex-col gap-1">
            {examples.map((example) => (
              <li key={example}>
                <Popover.Close
                  className="w-full rounded bg-panel px-2 py-1 text-left font-mono text-xs hover:bg-hover"
                  onClick={() => onExample(example)}
                >
                  {example}
                </Popover.Close>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
