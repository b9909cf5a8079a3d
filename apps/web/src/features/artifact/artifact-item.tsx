"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { TensorTable } from "@/features/artifact/tensor-table";
import type { ArtifactRowFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Button, buttonClasses } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Icon } from "@/ui/icon";
import { IconButton } from "@/ui/icon-button";
import { RelativeTime } from "@/ui/relative-time";

const pictures = /\.(png|jpe?g|webp|gif)$/i;
const tensors = /\.safetensors$/i;

/** One file: what it is, who uploaded it when, and a look into it where that is safe. */
export function ArtifactItem({
  artifact,
  onDelete,
  onRestore,
}: {
  artifact: ArtifactRowFragment;
  onDelete: () => void;
  onRestore: () => void;
}) {
  const t = useTranslations("artifact");
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const { id, name, version, bytes, sha256, author, createdAt, trashedAt } = artifact;
  const canOpen = pictures.test(name) || tensors.test(name);
  return (
    <li className="border-b py-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="flex min-w-0 flex-1 basis-56 items-center gap-2">
          <bdi className="min-w-0 font-medium break-all" title={t("hash", { sha256 })}>
            {name}
          </bdi>
          {version > 1 && <Chip>{t("version", { version })}</Chip>}
        </span>
        <span className="w-20 text-ink-2 tabular-nums">{format.bytes(bytes)}</span>
        <span className="min-w-0 basis-40 truncate text-ink-3">
          <RelativeTime at={createdAt} /> · <bdi>{author}</bdi>
        </span>
        <span className="ml-auto flex items-center justify-end gap-1 sm:w-72">
          {canOpen && (
            <Button
              look="quiet"
              icon={isOpen ? "chevronUp" : "chevronDown"}
              aria-expanded={isOpen}
              aria-label={t("lookInto", { name })}
              onClick={() => setOpen(!isOpen)}
            >
              {t("look")}
            </Button>
          )}
          <a
            href={`/artifact/${id}`}
            download
            className={buttonClasses("quiet")}
            aria-label={t("downloadNamed", { name })}
          >
            <Icon name="download" />
            {t("download")}
          </a>
          {trashedAt ? (
            <Button icon="undo" aria-label={t("restoreNamed", { name })} onClick={onRestore}>
              {t("restore")}
            </Button>
          ) : (
            <IconButton icon="trash" label={t("deleteNamed", { name })} onClick={onDelete} />
          )}
        </span>
      </div>
      {isOpen && (pictures.test(name) ? <Preview id={id} name={name} /> : <TensorTable artifact={id} />)}
    </li>
  );
}

/** The picture as the API encodes it anew; the file itself is never shown. */
function Preview({ id, name }: { id: string; name: string }) {
  const t = useTranslations("artifact");
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <p className="pt-2 text-ink-3">{t("noPreview")}</p>;
  return (
    // biome-ignore lint/performance/noImgElement: it is a WebP of the API's already
    <img
      src={`/artifact/${id}/preview`}
      alt={t("previewOf", { name })}
      decoding="async"
      className="mt-2 max-h-96 max-w-full rounded border object-contain"
      onError={() => setBroken(true)}
    />
  );
}
