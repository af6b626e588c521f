/** One photo of the batch beside what was made of it. */
import { memo, useEffect, useState } from "react";
import { useSpeech } from "@/shared/i18n/words";
import { IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import type { ItemWords } from "../hooks/use-item-words";
import { adoptedOf, pictureOf, type Item, type Phase } from "../list";
import type { BatchRun } from "../run";

type PairCardProps = {
  run: BatchRun;
  item: Item;
  phase: Phase;
  percent: number;
  words: string;
  tone: ItemWords["tone"];
  selected: boolean;
  focusable: boolean;
  onSelect: (id: string) => void;
};

const tones = { plain: "text-ink-2", warn: "text-warn", fail: "text-fail" };

/** The grid is drawn anew with every event of the stream; a card only when something of its own changes. */
export const PairCard = memo(function PairCard({ run, item, phase, selected, ...props }: PairCardProps) {
  const { t } = useSpeech();
  const name = item.name || t.common.untitled;
  const adopted = adoptedOf(item) !== null;
  return (
    // Arrow keys are handled by the screen, which moves the selection from option to option.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events
    <div
      role="option"
      data-item={item.id}
      aria-selected={selected}
      aria-label={[name, ...(adopted ? [t.batch.adopted] : []), props.words].join(t.studio.joiner)}
      tabIndex={props.focusable ? 0 : -1}
      onClick={() => props.onSelect(item.id)}
      className="min-w-0 cursor-pointer [contain-intrinsic-size:auto_160px] [content-visibility:auto]"
    >
      <div className={`m-1 grid grid-cols-2 gap-0.5 ${selected ? "ring-selected" : ""}`}>
        <ItemPhoto run={run} item={item} />
        <Result item={item} phase={phase} percent={props.percent} />
      </div>
      <div className="flex items-center gap-2 px-1 pt-1.5">
        <p className="min-w-0 flex-1 truncate text-body font-medium">{name}</p>
        {adopted && (
          <span className="flex shrink-0 items-center gap-1 text-data text-accent">
            <Icon name="adopt" size={14} />
            {t.batch.adopted}
          </span>
        )}
      </div>
      <p className={`flex items-start gap-1 px-1 text-data ${tones[props.tone]}`}>
        {props.tone === "warn" && <Icon name="warning" size={14} className="mt-[3px]" />}
        <span className={props.tone === "fail" ? "line-clamp-2" : "truncate"}>{props.words}</span>
      </p>
    </div>
  );
});

function Result({ item, phase, percent }: { item: Item; phase: Phase; percent: number }) {
  const { t } = useSpeech();
  const variant = phase === "done" ? pictureOf(item) : null;
  if (variant) {
    return (
      <span className="block aspect-square bg-stage">
        <img
          key={variant.id}
          src={variant.image.thumbnail_url}
          alt=""
          loading="lazy"
          decoding="async"
          className="develop size-full object-contain"
        />
      </span>
    );
  }
  if (phase === "failed") {
    return (
      <span className="grid aspect-square place-items-center bg-fail-soft text-fail">
        <Icon name="stop" size={22} />
      </span>
    );
  }
  return (
    <span className="grid aspect-square place-content-center bg-stage text-center text-data text-ink-2">
      {phase === "running" ? (
        <>
          {t.studio.percent(percent)}
          <ProgressBar thin label={item.name} percent={percent} className="mt-2 w-14" />
        </>
      ) : (
        t.batch.phases[phase]
      )}
    </span>
  );
}

/** The photo: from the server once it is there, until then from the file itself. */
export function ItemPhoto({ run, item }: { run: BatchRun; item: Item }) {
  const [local, setLocal] = useState<string | null>(null);
  const { id, thumbnailUrl } = item;
  useEffect(() => {
    if (thumbnailUrl !== null) return;
    let url: string | null = null;
    let gone = false;
    void run.photo(id).then((photo) => {
      if (!photo || gone) return;
      url = URL.createObjectURL(photo);
      setLocal(url);
    });
    return () => {
      gone = true;
      if (url) URL.revokeObjectURL(url);
      setLocal(null);
    };
  }, [run, id, thumbnailUrl]);
  const src = thumbnailUrl ?? local;
  return (
    <span className="block aspect-square overflow-hidden bg-stage">
      {src && <img src={src} alt="" loading="lazy" decoding="async" className="size-full object-contain" />}
    </span>
  );
}

/** A photo that waits for the start, and may still be taken out. */
export function DraftCard({ run, item, problem }: { run: BatchRun; item: Item; problem: string | null }) {
  const { t } = useSpeech();
  const name = item.name || t.common.untitled;
  return (
    <li className="min-w-0">
      <ItemPhoto run={run} item={item} />
      <div className="flex items-center gap-1 pt-1">
        <p className="min-w-0 flex-1 truncate text-data">{name}</p>
        <IconButton
          name="close"
          size={14}
          label={t.batch.removePhoto(name)}
          className="-mr-1.5 size-8"
          onClick={() => run.remove(item.id)}
        />
      </div>
      {problem && <p className="line-clamp-2 text-data text-fail">{problem}</p>}
    </li>
  );
}
