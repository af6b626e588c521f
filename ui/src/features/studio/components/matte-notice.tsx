/** Tells why a cut-out may be wrong, where it can be put right. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useMarks } from "../hooks/use-marks";
import { doubtsOf } from "../marks";

type MatteNoticeProps = { variant: Schemas["Variant"] | null; onCorrect: () => void };

export function MatteNotice({ variant, onCorrect }: MatteNoticeProps) {
  const { t } = useSpeech();
  const marksOf = useMarks();
  const { data: config } = useQuery(configQuery);
  if (!config?.features.matte_correction || !variant) return null;
  // No correction brings back what the photo does not show.
  const doubt = doubtsOf(variant.measures).find((name) => name !== "cut_off");
  const edges = marksOf(variant).find(({ name }) => name === "edge_confidence");
  const unsure = edges?.verdict === "look" && edges.value !== null ? t.studio.unsureEdges(edges.value) : null;
  const said = doubt ? t.studio.markMeans[doubt]() : unsure;
  if (said === null) return null;
  return (
    <div className="flex items-start gap-2.5 border-b border-line bg-warn-soft px-5 py-3 text-data max-sm:px-4">
      <Icon name="warning" className="mt-px text-warn" />
      <p className="min-w-0 flex-1">{said}</p>
      <Button size="small" shortcut="M" onClick={onCorrect}>
        {t.studio.fixCutOut}
      </Button>
    </div>
  );
}
