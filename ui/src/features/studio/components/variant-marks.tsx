/** The marks of a picture, for screens that know it only as a picture. */
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { isUnverified } from "@/shared/verified";
import { marksOf } from "../marks";
import { Marks } from "./marks";

type Variant = Schemas["Variant"];

const marksIn = ({ measures, plan, image }: Variant) => marksOf(measures, plan.asked, image);

export function VariantMarks({ variant }: { variant: Variant }) {
  return <Marks dense explained marks={marksIn(variant)} />;
}

/** The first mark that needs a look, in words; null where all is as it should be. */
export function useWorst(): (variant: Variant) => string | null {
  const { t } = useSpeech();
  return (variant) => {
    if (isUnverified(variant.measures)) return t.studio.unverified;
    const look = marksIn(variant).find(({ verdict }) => verdict === "look");
    return look ? `${t.studio.marks[look.name]} ${look.value ?? t.studio.notMeasured}`.trimEnd() : null;
  };
}
