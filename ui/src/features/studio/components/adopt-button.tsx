/** Button that adopts a picture. */
import type { ComponentProps } from "react";
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";

type AdoptButtonProps = Pick<ComponentProps<typeof Button>, "weight" | "shortcut"> & {
  variant: Variant;
};

export function AdoptButton({ variant, ...look }: AdoptButtonProps) {
  const { turns, runs } = useStudio();
  const { t } = useTranslation();
  return (
    <Button
      {...look}
      icon="adopt"
      aria-label={t.studio.adoptThis(numberOf(variant, turns))}
      disabled={runs.adopt.isPending}
      onClick={() => runs.adopt.mutate(variant.id)}
    >
      {t.studio.adopt}
    </Button>
  );
}
