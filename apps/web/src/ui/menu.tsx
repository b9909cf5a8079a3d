"use client";
import { cloneElement, type ReactElement, type ReactNode, useContext, useState } from "react";
import { cx } from "@/ui/class-names";
import { deferred } from "@/ui/deferred";
import { Icon, type IconName } from "@/ui/icon";
import { MenuParts } from "@/ui/menu-parts";

const OpenMenu = deferred(
  () => import("@/ui/open-menu").then((module) => module.OpenMenu),
  ({ trigger }) => trigger,
);

/** A menu that opens under its trigger (one button). What draws it comes over the wire when a pointer or the focus nears a trigger. */
export function Menu({ trigger, children }: { trigger: ReactElement<MenuTriggerProps>; children: ReactNode }) {
  const [isWanted, setWanted] = useState(false);
  const closed = cloneElement(trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: OpenMenu.prepare,
    onFocus: OpenMenu.prepare,
    onClick: () => setWanted(true),
  });
  return isWanted ? <OpenMenu trigger={trigger}>{children}</OpenMenu> : closed;
}

interface MenuTriggerProps {
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  onClick?: () => void;
}

export function MenuItem({
  icon,
  danger = false,
  disabled,
  onSelect,
  children,
}: {
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  const parts = useContext(MenuParts);
  if (!parts) return null;
  return (
    <parts.Item
      disabled={disabled}
      onSelect={onSelect}
      className={cx(
        "flex h-8 cursor-default items-center gap-2 rounded px-2 text-sm outline-none select-none data-disabled:opacity-40 data-highlighted:bg-hover",
        danger && "text-bad",
      )}
    >
      {icon && <Icon name={icon} className={danger ? undefined : "text-ink-3"} />}
      {children}
    </parts.Item>
  );
}

export function MenuSeparator() {
  const parts = useContext(MenuParts);
  return parts && <parts.Separator className="my-1 h-px bg-line" />;
}
