/** Tells that a cut-out may be wrong, where it can be put right. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useMatteSpeech } from "../matte/speech";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { marksOf } from "../marks";

type MatteNoticeProps = { variant: Schemas["Variant"] | null; onCorrect: () => void };

export function MatteNotice({ variant, onCorrect }: MatteNoticeProps) {
  const { t } = useMatteSpeech();
  const { data: config } = useQuery(configQuery);
  if (!config?.features.matte_correction || !variant) return null;
  const edges = marksOf(variant.measures, [], variant.image).find(({ name }) => name === "edge_confidence");
  if (edges?.verdict !== "look" || edges.value === null) return null;
  return (
    <div className="flex items-start gap-2.5 border-b border-line bg-warn-soft px-5 py-3 text-data max-sm:px-4">
      <Icon name="warning" className="mt-px text-warn" />
      <p className="min-w-0 flex-1">{t.matte.unsure(edges.value)}</p>
      <Button size="small" shortcut="M" onClick={onCorrect}>
        {t.matte.title}
      </Button>
    </div>
  );
}
