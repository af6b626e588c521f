/** Batch routes. They combine the batch feature with pictures, checks and cut-out correction of other features. */
import { Suspense, type ComponentProps } from "react";
import type { Variant } from "@/api/client";
import { BatchesScreen, BatchScreen, NewBatchScreen } from "@/features/batch";
import { MatteScreen } from "@/features/cutout";
import { PresetChecks } from "@/features/export";
import { ReviewPicture, turnsOf, useRedoTarget, VariantMarks } from "@/features/studio";

export default function BatchPage({ id }: { id: string | undefined }) {
  if (id === undefined) return <BatchesScreen />;
  if (id === "new") return <NewBatchScreen />;
  return (
    <BatchScreen
      key={id}
      id={id}
      parts={{
        picture: (session, variant) => <ReviewPicture key={variant.id} session={session} variant={variant} />,
        marks: (variant) => <VariantMarks variant={variant} />,
        checks: (variantId, presets) => <PresetChecks variantId={variantId} presets={presets} />,
      }}
      renderCutout={(props) => <Cutout {...props} />}
    />
  );
}

type CutoutProps = Omit<ComponentProps<typeof MatteScreen>, "shown"> & { variant: Variant };

function Cutout({ variant, ...props }: CutoutProps) {
  const shown = useRedoTarget(variant, turnsOf(props.session));
  return (
    <Suspense fallback={null}>
      <MatteScreen {...props} shown={shown} />
    </Suspense>
  );
}
