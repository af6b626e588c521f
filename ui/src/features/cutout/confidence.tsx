/** Notices about an uncertain cut-out or one with glass in it. */
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { Icon } from "@/shared/ui/icon";
import { useMatteTranslation } from "./translation";

export function Confidence({ matte }: { matte: Schemas["Matte"] }) {
  const { t } = useMatteTranslation();
  const limits = useConfig()?.marks;
  const unsure = matte.edge_confidence < (limits?.least.edge_confidence ?? 0);
  const glass = matte.see_through > (limits?.see_through ?? 1);
  if (!unsure && !glass) return null;
  return (
    <p className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2.5 text-data">
      <Icon name="warning" className="mt-px text-warn" />
      <span>
        {[
          ...(unsure ? [t.matte.confidence(Math.floor(matte.edge_confidence * 100))] : []),
          ...(glass ? [t.matte.glass] : []),
        ].join(t.matte.then)}
      </span>
    </p>
  );
}
