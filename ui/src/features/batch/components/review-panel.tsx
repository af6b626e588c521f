/** Review of one item: the picture and its photo, measurements and the decision buttons. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { Session, Variant } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useConfig } from "@/shared/hooks/use-config";
import { Button } from "@/shared/ui/button";
import { CallProblem, useErrorWords } from "@/shared/ui/call-problem";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useWarningWords } from "../hooks/use-item-words";
import { candidatesOf, earlierOf, hasFailed, isDecidable, nameOf } from "../items";
import type { Batch, Item } from "../queries";
import { useBatchTranslation } from "../translation";
import { ItemWords } from "./item-words";

/** Picture components of other features, passed in by the app. */
export type Parts = {
  /** Zoomable picture, alone or under a slider with its photo. */
  picture: (session: Session, variant: Variant) => ReactNode;
  marks: (variant: Variant) => ReactNode;
  checks: (variantId: string, presets: readonly string[]) => ReactNode;
};

type ReviewPanelProps = {
  batch: Batch;
  item: Item;
  place: number;
  /** Number of undecided items. */
  left: number;
  /** True when the name is shown above already. */
  isNamed: boolean;
  isRepairing: boolean;
  isBusy: boolean;
  parts: Parts;
  onShow: (variantId: string | null) => void;
  onApprove: () => void;
  onReject: () => void;
  /** Approves a picture that was made before the item failed. */
  onUseEarlier: (variantId: string) => void;
  /** Null if nothing was decided yet. */
  onUndo: (() => void) | null;
  onFix: (session: Session, variant: Variant) => void;
};

export function ReviewPanel({ batch, item, place, left, parts, onShow, ...props }: ReviewPanelProps) {
  const { t } = useBatchTranslation();
  const decidable = isDecidable(item);
  const session = useQuery({
    ...sessionQuery(item.session_id ?? ""),
    enabled: item.session_id !== null && (decidable || hasFailed(item)),
  });
  /** Another candidate than the item's own, until the item gets another picture. */
  const [picked, pick] = useState<{ id: string; insteadOf: string | null } | null>(null);
  const candidates = session.data && (decidable || hasFailed(item)) ? candidatesOf(session.data) : [];
  const own = item.variant_id ?? earlierOf(candidates)?.id ?? null;
  const shownId = picked?.insteadOf === item.variant_id ? picked.id : own;
  const variant = candidates.find(({ id }) => id === shownId);
  const loaded = variant && session.data ? { session: session.data, variant } : null;
  useEffect(() => {
    onShow(shownId);
    return () => onShow(null);
  });
  const name = nameOf(item) ?? t.batch.photo(place);
  return (
    <section className="flex flex-col gap-3 px-5 pt-[18px] pb-5 max-sm:px-4">
      <div className="flex items-baseline justify-between gap-3">
        {!props.isNamed && <h2 className="min-w-0 truncate text-lead font-semibold">{name}</h2>}
        <p className="shrink-0 text-data text-ink-2">
          {decidable ? t.batch.reviewAt(place, left) : t.batch.photo(place)}
        </p>
      </div>
      {loaded ? (
        parts.picture(loaded.session, loaded.variant)
      ) : decidable ? (
        <Loading item={item} />
      ) : (
        <Frame src={item.photo_thumbnail_url} alt="" className="aspect-square w-full" />
      )}
      {!decidable && <Unmade item={item} />}
      {candidates.length > 1 && shownId !== null && (
        <Candidates
          candidates={candidates}
          shown={shownId}
          name={name}
          onPick={(id) => pick({ id, insteadOf: item.variant_id })}
        />
      )}
      {props.isRepairing && (
        <p role="status" className="text-data text-ink-2">
          {t.batch.repairing}
        </p>
      )}
      {decidable && (
        <Decision
          {...props}
          item={item}
          isOwn={shownId === item.variant_id}
          onFix={loaded && (() => props.onFix(loaded.session, loaded.variant))}
        />
      )}
      {!decidable && loaded && (
        <Button
          size="action"
          icon="adopt"
          disabled={props.isBusy}
          onClick={() => props.onUseEarlier(loaded.variant.id)}
        >
          {t.batch.useEarlier}
        </Button>
      )}
      {/* At one place whatever is loaded: a field that was opened meanwhile stays open. */}
      <ItemWords batch={batch} item={item} />
      {decidable && <Quality item={item} rule={batch.recipe.approve_from} />}
      {loaded && parts.marks(loaded.variant)}
      {loaded && batch.recipe.presets.length > 0 && parts.checks(loaded.variant.id, batch.recipe.presets)}
      <CallProblem error={session.error} />
      {item.session_id && (
        <Link
          href={`/studio/${item.session_id}`}
          className="self-start rounded-tag text-body font-medium text-accent pointer-coarse:py-2.5"
        >
          {t.batch.openStudio}
        </Link>
      )}
    </section>
  );
}

type DecisionProps = Pick<
  ReviewPanelProps,
  "item" | "isRepairing" | "isBusy" | "onApprove" | "onReject" | "onUndo"
> & {
  /** True while the item's own picture is shown, and not another candidate. */
  isOwn: boolean;
  /** Null until the picture is loaded. */
  onFix: (() => void) | null;
};

function Decision({ item, isOwn, isRepairing, isBusy, ...on }: DecisionProps) {
  const { t } = useBatchTranslation();
  const config = useConfig();
  const isApproved = item.status === "approved" && isOwn;
  const isRejected = item.status === "rejected";
  return (
    <div className="grid grid-cols-2 gap-2.5">
      <Button
        size="action"
        weight={isApproved ? "outlined" : "filled"}
        icon="adopt"
        shortcut="A"
        disabled={isBusy || isApproved}
        onClick={on.onApprove}
      >
        {isApproved ? t.batch.approved : t.batch.approve}
      </Button>
      <Button size="action" icon="close" shortcut="R" disabled={isBusy || isRejected} onClick={on.onReject}>
        {isRejected ? t.batch.rejected : t.batch.reject}
      </Button>
      <Button icon="undo" shortcut="Z" disabled={isBusy || !on.onUndo} onClick={() => on.onUndo?.()}>
        {t.common.undo}
      </Button>
      {config?.features.matte_correction && (
        <Button icon="matte" disabled={isRepairing || !on.onFix} onClick={() => on.onFix?.()}>
          {t.studio.fixCutOut}
        </Button>
      )}
    </div>
  );
}

/** The picture as the grid shows it, in the place of the large one with its controls. */
function Loading({ item }: { item: Item }) {
  return (
    <div className="flex flex-col gap-2">
      <Frame src={item.thumbnail_url} alt="" className="aspect-square w-full" />
      <div className="h-9 pointer-coarse:h-11" />
    </div>
  );
}

type CandidatesProps = {
  candidates: readonly Variant[];
  shown: string;
  name: string;
  onPick: (id: string) => void;
};

function Candidates({ candidates, shown, name, onPick }: CandidatesProps) {
  const { t } = useBatchTranslation();
  return (
    <ul className="flex flex-wrap gap-2.5 p-1" aria-label={t.studio.candidates}>
      {candidates.map(({ id, image }, index) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={id === shown}
            aria-label={t.batch.candidateOf(index + 1, name)}
            onClick={() => onPick(id)}
            className="frame-button block"
          >
            <Frame src={image.thumbnail_url} alt="" selected={id === shown} className="size-14" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Quality against the threshold, with the reasons why the picture needs a review. */
function Quality({ item, rule }: { item: Item; rule: number }) {
  const { t } = useBatchTranslation();
  const warningWords = useWarningWords();
  // The marks show what is wrong with the cut-out, and the first line shows the quality.
  const isDoubtful = item.warnings.includes("cut_out_doubtful");
  const warnings = item.warnings
    .filter((code) => !["cut_out_doubtful", "product_cut", "below_quality"].includes(code))
    .filter((code) => !isDoubtful || code !== "below_confidence");
  const percent = item.quality === null ? null : Math.round(item.quality * 100);
  return (
    <div className="flex flex-col gap-1 text-data">
      <p className="text-ink-2">
        {percent === null ? t.batch.qualityUnknown : t.batch.qualityOf(percent, Math.round(rule * 100))}
      </p>
      {warnings.map((code) => (
        <p key={code} className="flex items-start gap-1.5 text-warn">
          <Icon name="warning" size={14} className="mt-0.5" />
          {warningWords(code)}
        </p>
      ))}
    </div>
  );
}

/** Progress or error of an item without a picture of its own. */
function Unmade({ item }: { item: Item }) {
  const { t } = useBatchTranslation();
  const errorWords = useErrorWords();
  return (
    <p className={`text-body ${item.status === "failed" ? "text-fail" : "text-ink-2"}`}>
      {item.error ? errorWords(item.error) : t.batch.itemStatuses[item.status]}
    </p>
  );
}
