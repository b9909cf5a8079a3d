"use client";
import type { DropdownMenu } from "radix-ui";
import { createContext } from "react";

/** What the entries of an open menu are made of; null where no menu is open. */
export const MenuParts = createContext<Pick<typeof DropdownMenu, "Item" | "Separator"> | null>(null);
