import type { ComponentProps } from "react";
import { cx } from "@/ui/class-names";
import { Icon, type IconName } from "@/ui/icon";

const looks = {
  primary: "bg-accent text-accent-ink hover:opacity-90 px-3",
  secondary: "border border-line-strong bg-raised text-ink hover:bg-hover px-3",
  quiet: "text-ink-2 hover:bg-hover hover:text-ink px-2",
  danger: "border border-line-strong bg-raised text-bad hover:bg-bad-soft px-3",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  icon?: IconName;
}

/** The class names of a button, for links that look like one. */
export function buttonClasses(look: keyof typeof looks = "secondary"): string {
  return cx(
    "inline-flex h-8 items-center justify-center gap-1.5 rounded whitespace-nowrap text-sm font-medium select-none",
    "disabled:cursor-not-allowed disabled:opacity-50 transition-colors duration-100",
    looks[look],
  );
}

export function Button({ look = "secondary", icon, className, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={cx(buttonClasses(look), className)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
