"use client";
import { type ArchitectureId, architectureName, guideChoices, guideUses, type Message } from "@residual/shared";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useSay } from "@/lib/say";

function Sentences({ messages }: { messages: Message[] }) {
  const say = useSay();
  return (
    <ul className="list-disc pl-4">
      {messages.map((message) => (
        <li key={`${message.key} ${JSON.stringify(message.values)}`}>{say(message)}</li>
      ))}
    </ul>
  );
}

/** When the guide chooses which of two networks. `only`: the pairs in which this one stands. */
export function GuideChoices({ only }: { only?: ArchitectureId }) {
  const t = useTranslations("models.choice");
  const pairs = guideChoices.filter(({ architectures }) => only === undefined || architectures.includes(only));
  if (pairs.length === 0) return <p className="text-ink-3">{t("none")}</p>;
  return (
    <div className="grid gap-6 lg:grid-cols-3">
      {pairs.map(({ architectures, when }) => (
        <div key={architectures.join()} className="flex flex-col gap-3 border-l pl-4">
          {architectures.map((architecture, side) => (
            <div key={architecture}>
              <h3 className="font-semibold">
                {t.rich("choose", {
                  name: architectureName(architecture),
                  model: (name) => (
                    <Link href={`/models/${architecture}`} className="text-accent underline underline-offset-2">
                      {name}
                    </Link>
                  ),
                })}
              </h3>
              <Sentences messages={when[side]!} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** What speaks for a network and what against it. */
export function GuideUse({ architecture }: { architecture: ArchitectureId }) {
  const t = useTranslations("models.use");
  const use = guideUses.find((known) => known.architecture === architecture);
  if (!use) return null;
  return (
    <div className="grid gap-6 sm:grid-cols-2">
      <div>
        <h3 className="mb-1 font-semibold">{t("strengths")}</h3>
        <Sentences messages={use.strengths} />
      </div>
      <div>
        <h3 className="mb-1 font-semibold">{t("limits")}</h3>
        <Sentences messages={use.limits} />
      </div>
    </div>
  );
}
