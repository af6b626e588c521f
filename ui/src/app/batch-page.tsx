/** Batch routes. They combine the batch feature with pictures, checks and cut-out correction of other features. */
import { Suspense } from "react";
import { BatchesScreen, BatchScreen, NewBatchScreen } from "@/features/batch";
import { MatteScreen } from "@/features/cutout";
import { PresetChecks } from "@/features/export";
import { RedoTarget, ReviewPicture, VariantMarks } from "@/features/studio";

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
      renderCutout={({ session, variant, onRedo, onClose }) => (
        <RedoTarget session={session} variant={variant}>
          {(shown) => (
            <Suspense fallback={null}>
              <MatteScreen session={session} shown={shown} onRedo={onRedo} onClose={onClose} />
            </Suspense>
          )}
        </RedoTarget>
      )}
    />
  );
}
