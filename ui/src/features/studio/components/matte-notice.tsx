/** Tells why a cut-out may be wrong, where it can be put right. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useMarks } from "../hooks/use-marks";
import { isOfCutOut } from "../marks";

type MatteNoticeProps = { variant: Schemas["Variant"] | null; onCorrect: () => void };

export function MatteNotice({ variant, onCorrect }: MatteNoticeProps) {
  const { t } = useSpeech();
  const marksOf = useMarks();
  const { data: config } = useQuery(configQuery);
  if (!config?.features.matte_correction || !variant) return null;
  const doubt = marksOf(variant).find(isOfCutOut);
  if (!doubt) return null;
  const said =
    doubt.name === "edge_confidence"
      ? t.studio.unsureEdges(doubt.value ?? "")
      : t.studio.markMeans[doubt.name](doubt.limit);
  return (
    <div className="flex items-center gap-2.5 border-b border-line bg-warn-soft px-5 py-3 text-data max-sm:px-4 max-sm:py-1">
      <Icon name="warning" className="text-warn" />
      <p className="min-w-0 flex-1">{said}</p>
      <Button size="small" shortcut="M" onClick={onCorrect}>
        {t.studio.fixCutOut}
      </Button>
    </div>
  );
}
