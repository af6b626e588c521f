/** Review of one item: the picture and its photo, measurements and the decision buttons. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { Schemas } from "@/api/client";
import { sessionQuery, configQuery } from "@/api/queries";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useItemErrorText, useWarningWords } from "../hooks/use-item-words";
import { candidatesOf, isDecidable, nameOf } from "../items";
import type { Batch, Item } from "../queries";
import { useBatchSpeech } from "../translation";
import { ItemWords } from "./item-words";

type Session = Schemas["Session"];
type Variant = Schemas["Variant"];

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
  onUndo: () => void;
  onFix: (session: Session, variant: Variant) => void;
};

export function ReviewPanel({ batch, item, place, left, parts, onShow, ...props }: ReviewPanelProps) {
  const { t } = useBatchSpeech();
  const { data: config } = useQuery(configQuery);
  const session = useQuery({
    ...sessionQuery(item.session_id ?? ""),
    enabled: item.session_id !== null && isDecidable(item),
  });
  const [picked, pick] = useState<string | null>(null);
  const candidates = session.data ? candidatesOf(session.data) : [];
  const shownId = picked ?? item.variant_id;
  const variant = candidates.find(({ id }) => id === shownId) ?? null;
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
          {isDecidable(item) ? t.batch.reviewAt(place, left) : t.batch.photo(place)}
        </p>
      </div>
      {variant && session.data ? (
        <>
          {parts.picture(session.data, variant)}
          {candidates.length > 1 && (
            <Candidates candidates={candidates} shown={variant.id} name={name} onPick={pick} />
          )}
          {props.isRepairing && (
            <p role="status" className="text-data text-ink-2">
              {t.batch.repairing}
            </p>
          )}
          <div className="grid grid-cols-2 gap-2.5">
            <Button
              size="action"
              weight={item.status === "approved" && picked === null ? "outlined" : "filled"}
              icon="adopt"
              shortcut="A"
              disabled={props.isBusy || (item.status === "approved" && shownId === item.variant_id)}
              onClick={props.onApprove}
            >
              {item.status === "approved" && shownId === item.variant_id ? t.batch.approved : t.batch.approve}
            </Button>
            <Button
              size="action"
              icon="close"
              shortcut="R"
              disabled={props.isBusy || item.status === "rejected"}
              onClick={props.onReject}
            >
              {item.status === "rejected" ? t.batch.rejected : t.batch.reject}
            </Button>
            <Button icon="undo" shortcut="Z" disabled={props.isBusy} onClick={props.onUndo}>
              {t.common.undo}
            </Button>
            {config?.features.matte_correction && (
              <Button
                icon="matte"
                disabled={props.isRepairing}
                onClick={() => props.onFix(session.data, variant)}
              >
                {t.studio.fixCutOut}
              </Button>
            )}
          </div>
          <ItemWords batch={batch} item={item} />
          <Quality item={item} rule={batch.recipe.approve_from} />
          {parts.marks(variant)}
          {batch.recipe.presets.length > 0 && parts.checks(variant.id, batch.recipe.presets)}
        </>
      ) : (
        <>
          <Unmade item={item} />
          <ItemWords batch={batch} item={item} />
        </>
      )}
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

type CandidatesProps = {
  candidates: readonly Variant[];
  shown: string;
  name: string;
  onPick: (id: string) => void;
};

function Candidates({ candidates, shown, name, onPick }: CandidatesProps) {
  const { t } = useBatchSpeech();
  return (
    <ul className="flex flex-wrap gap-2.5 p-1" aria-label={t.batch.candidates}>
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
  const { t } = useBatchSpeech();
  const warningWords = useWarningWords();
  // The marks show the reasons for a doubtful cut-out, and the first line shows the quality.
  const warnings = item.warnings.filter((code) => code !== "cut_out_doubtful" && code !== "below_quality");
  const percent = item.quality === null ? null : Math.round(item.quality * 100);
  return (
    <div className="flex flex-col gap-1 text-data">
      <p className="text-ink-2">
        {percent === null ? t.batch.qualityUnknown : t.batch.qualityOf(percent, Math.round(rule * 100))}
      </p>
      {warnings.map((code) => (
        <p key={code} className="flex items-start gap-1.5 text-warn">
          <Icon name="warning" size={14} className="mt-[3px]" />
          {warningWords(code)}
        </p>
      ))}
    </div>
  );
}

/** An item without a picture: its progress, or its error. */
function Unmade({ item }: { item: Item }) {
  const { t } = useBatchSpeech();
  const faultWords = useItemErrorText();
  return (
    <>
      <Frame src={item.photo_thumbnail_url} alt="" className="aspect-square w-full" />
      <p className={`text-body ${item.status === "failed" ? "text-fail" : "text-ink-2"}`}>
        {item.error ? faultWords(item.error) : t.batch.itemStatuses[item.status]}
      </p>
    </>
  );
}
