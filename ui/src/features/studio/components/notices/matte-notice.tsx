/** Cut-out notice above the next steps: the cut-out may be wrong, or the photo shows several objects. */
import { useQuery } from "@tanstack/react-query";
import { matteQuery } from "@/api/queries";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useMarks } from "../../hooks/use-marks";
import { useStudio } from "../../hooks/use-studio";
import { isOfCutOut } from "../../marks";

export function MatteNotice() {
  const { session, selection, onCorrect } = useStudio();
  const { variant } = selection;
  const { t } = useTranslation();
  const marksOf = useMarks();
  const isCorrectable = useConfig()?.features.matte_correction ?? false;
  const doubt = variant && marksOf(variant).find(isOfCutOut);
  const isAsked = isCorrectable && (variant === null || doubt != null);
  const { data: matte } = useQuery({ ...matteQuery(session.id), enabled: isAsked });
  if (!isAsked) return null;
  const isUncertain = matte && !matte.certain && matte.subjects.length > 1 && !matte.correction;
  if (!isUncertain && !doubt) return null;
  const said = isUncertain
    ? t.studio.whichProduct
    : doubt?.name === "edge_confidence"
      ? t.studio.unsureEdges(doubt.value ?? "")
      : doubt && t.studio.markMeans[doubt.name](doubt.limit);
  return (
    <div className="flex items-center gap-2.5 bg-warn-soft px-5 py-3 text-data max-sm:px-4 max-sm:py-1">
      <Icon name="warning" className="text-warn" />
      <p className="min-w-0 flex-1">{said}</p>
      <Button size="small" shortcut="M" onClick={onCorrect}>
        {isUncertain ? t.studio.chooseProduct : t.studio.fixCutOut}
      </Button>
    </div>
  );
}
