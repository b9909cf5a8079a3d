import type { Metadata } from "next";
import { headers } from "next/headers";
import { EmbeddedPage } from "@/features/share/embedded-page";

interface Props {
  params: Promise<{ key: string }>;
}

/** Says to wikis and editors where they learn how to embed the view (oEmbed discovery). */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key } = await params;
  const request = await headers();
  const origin = `${request.get("x-forwarded-proto") ?? "http"}://${request.get("host")}`;
  const address = `${origin}/oembed?url=${encodeURIComponent(`${origin}/embed/${key}`)}`;
  return { alternates: { types: { "application/json+oembed": address } } };
}

export default async function Page({ params }: Props) {
  return <EmbeddedPage linkKey={(await params).key} />;
}
