/** Marks of a variant, for screens without its session. */
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { isUnverified } from "@/shared/verified";
import { useMarks } from "../../hooks/use-marks";
import { doubtsOf } from "../../marks";
import { Marks, useLookText } from "./marks";

export function VariantMarks({ variant }: { variant: Variant }) {
  return <Marks explained marks={useMarks()(variant)} />;
}

/** Label of the worst mark; null if the picture needs no look. */
export function useWorst(): (variant: Variant) => string | null {
  const { t } = useTranslation();
  const marksOf = useMarks();
  const lookText = useLookText();
  return (variant) => {
    const [doubt] = doubtsOf(variant.measures);
    if (doubt) return t.studio.marks[doubt];
    if (isUnverified(variant.measures)) return t.studio.unverified;
    const look = marksOf(variant).find(({ verdict }) => verdict === "look");
    return look ? lookText(look) : null;
  };
}
