"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { ArtifactTensorsDocument } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { ErrorState } from "@/ui/error-state";
import { ScrollRegion } from "@/ui/scroll-region";
import { SkeletonRows } from "@/ui/skeleton";

const cell = "border-b py-1 pr-6 text-left align-top";

/** What the header of a safetensors file says is in it. */
export function TensorTable({ artifact }: { artifact: string }) {
  const t = useTranslations("artifact");
  const format = useFormat();
  const [{ data, error }, retry] = useQuery({ query: ArtifactTensorsDocument, variables: { id: artifact } });
  if (error) return <ErrorState error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />;
  const table = data?.node && "tensors" in data.node ? data.node.tensors : null;
  if (!table) return <SkeletonRows rows={3} />;
  if (table.problem) return <p className="pt-2 text-ink-2">{table.problem}</p>;
  return (
    <div className="flex flex-col gap-2 pt-2">
      <p className="text-ink-2">
        {t("tensors", { count: table.count, elements: format.compact(table.elements) })}
        {table.tensors.length < table.count && ` ${t("firstTensors", { shown: format.count(table.tensors.length) })}`}
      </p>
      <ScrollRegion label={t("tensorTable")} isLow>
        <table className="w-full text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              {(["tensor", "shape", "type", "size"] as const).map((column) => (
                <th key={column} scope="col" className={`${cell} font-normal`}>
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.tensors.map(({ name, shape, dtype, bytes }) => (
              <tr key={name}>
                <td className={`${cell} font-mono text-xs break-all`}>{name}</td>
                <td className={`${cell} font-mono text-xs whitespace-nowrap`}>{shape.join(" × ") || "1"}</td>
                <td className={`${cell} font-mono text-xs`}>{dtype}</td>
                <td className={`${cell} whitespace-nowrap tabular-nums`}>{format.bytes(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
