"use client";
import { useTranslations } from "next-intl";
import {
  type ExportedRuns,
  type ExportFormat,
  type ExportTable,
  exportAddress,
} from "@/features/export/export-address";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";

const formats: readonly ExportFormat[] = ["parquet", "arrow", "csv"];

/** Downloads the points, or the table, of some runs as a file. */
export function ExportMenu({ which }: { which: ExportedRuns }) {
  const t = useTranslations("export");
  const item = (table: ExportTable) => (format: ExportFormat) => (
    <MenuItem key={format} onSelect={() => download(exportAddress(table, format, which))}>
      {t(table, { format: t(format) })}
    </MenuItem>
  );
  return (
    <Menu trigger={<Button icon="download">{t("export")}</Button>}>
      {formats.map(item("series"))}
      <MenuSeparator />
      {formats.map(item("runs"))}
    </Menu>
  );
}

/** A link leaves the page where it is, also when the server refuses. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
