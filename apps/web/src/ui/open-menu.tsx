"use client";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { MenuParts } from "@/ui/menu-parts";

/** A menu from the moment it is first opened. */
export function OpenMenu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-44 rounded border border-line-strong bg-raised p-1 shadow-dialog"
        >
          <MenuParts value={DropdownMenu}>{children}</MenuParts>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
