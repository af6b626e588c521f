/** The batch with the studio's marks, which are a feature of their own. */
import { BatchScreen, type BatchScreenProps } from "@/features/batch";
import { useWorst, VariantMarks } from "@/features/studio";

export default function BatchPage(props: Pick<BatchScreenProps, "handover" | "onTaken">) {
  const worst = useWorst();
  return (
    <BatchScreen {...props} lookOf={worst} renderMarks={(variant) => <VariantMarks variant={variant} />} />
  );
}
