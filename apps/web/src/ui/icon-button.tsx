import type { ComponentProps } from "react";
import { cx } from "@/ui/class-names";
import { Icon, type IconName } from "@/ui/icon";

/** A button that shows only an icon. label is its accessible name and its tooltip. */
export function IconButton({
  icon,
  label,
  className,
  type = "button",
  ...rest
}: { icon: IconName; label: string } & Omit<ComponentProps<"button">, "aria-label" | "title" | "children">) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={cx(
        "inline-flex size-8 shrink-0 items-center justify-center rounded text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-40",
        className,
      )}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
