/** One picture after the other: take it, have it made again, see the next candidate, or pass. */
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { adoptedOf, candidatesOf, shownOf, type Item, type Phase } from "../list";
import type { ItemWords } from "../hooks/use-item-words";

export type Decide = {
  adopt: () => void;
  redo: () => void;
  next: () => void;
  skip: () => void;
};

type ReviewPanelProps = {
  item: Item | null;
  phase: Phase | null;
  words: ItemWords | null;
  /** Its place in the list, from 1, and how many wait for a decision. */
  place: number;
  left: number;
  /** How many are still on their way. */
  open: number;
  adopting: Pick<ReturnType<typeof useMutation>, "isPending" | "error">;
  decide: Decide;
  renderMarks: (variant: Schemas["Variant"]) => ReactNode;
};

export function ReviewPanel({
  item,
  phase,
  words,
  place,
  left,
  open,
  adopting,
  decide,
  ...props
}: ReviewPanelProps) {
  const { t } = useSpeech();
  const variant = item && phase === "done" ? shownOf(item) : null;
  const isAdopted = variant !== null && item !== null && adoptedOf(item)?.id === variant.id;
  const name = item === null || item.name === "" ? t.common.untitled : item.name;
  const candidates = item ? candidatesOf(item).length : 0;
  return (
    <section className="flex flex-col gap-3 px-5 pt-[18px] pb-5 max-sm:px-4">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-lead font-semibold">{t.batch.review}</h2>
        {item && <p className="text-data text-ink-2">{t.batch.reviewAt(place, left, open)}</p>}
      </div>
      <div className="aspect-square bg-stage outline-1 outline-edge">
        {variant && (
          <img
            key={variant.id}
            src={variant.image.url}
            alt={t.batch.resultAlt(name)}
            className="size-full object-contain"
          />
        )}
        {!variant && (
          <p className="grid size-full place-content-center px-8 text-center text-body text-ink-2">
            {item && words ? `${name}${t.common.dot}${words.text}` : t.batch.reviewSoon}
          </p>
        )}
      </div>
      {variant && item && (
        <>
          <div className="flex items-baseline justify-between gap-3">
            <p className="min-w-0 truncate text-body font-medium">{name}</p>
            {candidates > 1 && (
              <p className="shrink-0 text-data text-ink-2">
                {t.batch.candidateOf(Math.min(item.shown, candidates - 1) + 1, candidates)}
              </p>
            )}
          </div>
          {props.renderMarks(variant)}
          <div className="grid grid-cols-2 gap-2.5">
            <Button
              weight={isAdopted ? "outlined" : "filled"}
              icon="adopt"
              shortcut="A"
              disabled={adopting.isPending || isAdopted}
              onClick={decide.adopt}
            >
              {isAdopted ? t.batch.adopted : t.batch.adopt}
            </Button>
            <Button shortcut="R" onClick={decide.redo}>
              {t.batch.redo}
            </Button>
            <Button shortcut="N" disabled={candidates < 2} onClick={decide.next}>
              {t.batch.next}
            </Button>
            <Button shortcut="S" disabled={item.skipped} onClick={decide.skip}>
              {item.skipped ? t.batch.skipped : t.batch.skip}
            </Button>
          </div>
          <CallProblem error={adopting.error} />
        </>
      )}
      {item?.sessionId && (
        <Link
          href={`/studio/${item.sessionId}`}
          className="self-start rounded-tag text-body font-medium text-accent pointer-coarse:py-2.5"
        >
          {t.batch.openStudio}
        </Link>
      )}
    </section>
  );
}
