/** One golden case: request, photo, truth, anonymous pictures, measures and the vote. */
import { useNames } from "@/shared/hooks/use-names";
import { useLabTranslation } from "../translation";
import { useErrorWords } from "@/shared/ui/call-problem";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { Segment } from "@/shared/ui/segment";
import { letters, measuresOf, momentOf, placesOf, votedPlace, type Row } from "../rows";

/**
 * Grid columns by number of runs, so that rows align even if a run lacks a case. Pictures are 114 px wide with gaps
 * of 12 px.
 */
const columns: Record<number, string> = {
  1: "md:grid-cols-[minmax(130px,1fr)_366px_minmax(170px,1fr)_minmax(190px,1fr)]",
  2: "md:grid-cols-[minmax(130px,1fr)_492px_minmax(150px,1fr)_minmax(150px,1fr)]",
  3: "md:grid-cols-[minmax(130px,1fr)_366px_minmax(150px,1fr)_minmax(150px,1fr)] lg:grid-cols-[minmax(130px,1fr)_618px_minmax(170px,1fr)_minmax(190px,1fr)]",
};

type CaseRowProps = {
  row: Row;
  /** Number of runs compared, whether or not all of them have this case. */
  slots: number;
  /** True if keys act on this row while nothing has the focus. */
  isNext: boolean;
  onVote: (place: number) => void;
  onEnlarge: () => void;
};

export function CaseRow({ row, slots, isNext, onVote, onEnlarge }: CaseRowProps) {
  const { t, say } = useLabTranslation();
  const errorWords = useErrorWords();
  const name = t.lab.cases[row.name] ?? row.name;
  const place = votedPlace(row);
  const pictures = [
    { key: "source", title: t.studio.photo, src: row.main.source_url, alt: t.lab.sourceOf(name) },
    { key: "mask", title: t.lab.columns.mask, src: row.main.mask_url, alt: t.lab.maskOf(name) },
  ];
  return (
    <li
      data-case={row.name}
      className={`grid gap-x-6 gap-y-3 border-b border-line py-4 pl-3 ${columns[slots] ?? ""} ${isNext ? "border-l-2 border-l-accent" : "border-l-2 border-l-transparent"}`}
    >
      <div>
        <h2 className="font-semibold">{name}</h2>
        {row.main.instruction && <p className="text-data text-ink-2">{say(row.main.instruction)}</p>}
        {row.worse.length > 0 && (
          <p className="flex items-start gap-1.5 pt-1 text-data text-warn">
            <Icon name="warning" size={14} className="mt-0.5" />
            {`${t.lab.worseThan}${t.common.dot}${measureNames(row.worse, t.lab.measures)}`}
          </p>
        )}
      </div>
      <div className="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap">
        {pictures.map(({ key, title, src, alt }) => (
          <Picture key={key} title={title} src={src} alt={alt} onEnlarge={onEnlarge} name={name} />
        ))}
        {row.entries.map(({ run, case: one }, index) => (
          <Picture
            key={run.id}
            title={letters[index] ?? ""}
            src={one.picture_url}
            alt={t.lab.picture(letters[index] ?? "", name)}
            error={
              one.ok ? null : one.error ? errorWords({ code: one.error, title: one.error }) : t.lab.tooFew
            }
            selected={place === index}
            onEnlarge={onEnlarge}
            name={name}
            owner={place === null ? null : <Owner run={run.created_at} provider={one.provider} />}
          />
        ))}
      </div>
      <Measures row={row} />
      <Vote row={row} name={name} onVote={onVote} />
    </li>
  );
}

/** The choice among the pictures that exist; nothing where no run made one. */
function Vote({ row, name, onVote }: { row: Row; name: string; onVote: (place: number) => void }) {
  const { t } = useLabTranslation();
  const [place, places] = [votedPlace(row), placesOf(row)];
  if (places.length === 0) return null;
  return (
    <div className="flex flex-col items-start gap-2">
      <Segment
        label={t.lab.voteFor(name)}
        value={place ?? -2}
        onChange={onVote}
        choices={[
          ...places.map((index) => ({ value: index, label: letters[index] ?? "" })),
          { value: -1, label: t.lab.noneGood },
        ]}
      />
      {place === null ? (
        <p className="text-data text-ink-2 pointer-coarse:hidden">
          {t.lab.toVote(places.map((index) => index + 1))}
        </p>
      ) : (
        <p className="text-data text-ink-2">{t.lab.voted}</p>
      )}
    </div>
  );
}

type PictureProps = {
  title: string;
  src: string | null;
  alt: string;
  selected?: boolean;
  name: string;
  /** Reason why the case failed. */
  error?: string | null;
  owner?: React.ReactNode;
  onEnlarge: () => void;
};

function Picture(props: PictureProps) {
  const { title, src, alt, name, selected = false, error, owner, onEnlarge } = props;
  const { t } = useLabTranslation();
  return (
    <figure className="flex flex-col gap-1 sm:w-[114px]">
      <figcaption className="text-caption text-ink-2">{title}</figcaption>
      {src ? (
        <button type="button" onClick={onEnlarge} title={t.lab.enlarge(name)}>
          <Frame src={src} alt={alt} selected={selected} className="aspect-square w-full" />
        </button>
      ) : (
        <span className="grid aspect-square w-full place-items-center bg-stage text-caption text-ink-2">
          {t.lab.noPicture}
        </span>
      )}
      {error && <span className="text-caption text-fail">{error}</span>}
      {owner}
    </figure>
  );
}

/** Run and provider of a picture, revealed only after the vote. */
function Owner({ run, provider }: { run: string; provider: string | null }) {
  const { tag } = useLabTranslation();
  const names = useNames();
  return (
    <span className="text-caption text-ink-2">
      {momentOf(run, tag)}
      {provider && <span className="block">{names.provider(provider)}</span>}
    </span>
  );
}

function Measures({ row }: { row: Row }) {
  const { t } = useLabTranslation();
  const { auto_accepted: accepted, auto_notes: notes } = row.main;
  return (
    <dl className="grid grid-cols-[auto_1fr] content-start gap-x-4 text-data">
      {measuresOf(row.main).map(({ name, text, past }) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{t.lab.measures[name] ?? name}</dt>
          <dd className={`font-semibold ${past ? "text-warn" : ""}`}>
            {text}
            {past && <Icon name="warning" size={14} className="ml-1 align-[-2px]" />}
          </dd>
        </div>
      ))}
      {accepted !== null && (
        <div className="contents" title={t.lab.autoNote}>
          <dt className="pt-1 text-ink-2">{t.lab.columns.auto}</dt>
          <dd className={`pt-1 ${accepted ? "" : "text-warn"}`}>
            {accepted ? t.lab.accepted : t.lab.complaints(measureNames(notes, t.lab.measures))}
          </dd>
        </div>
      )}
    </dl>
  );
}

const measureNames = (names: readonly string[], words: Record<string, string>) =>
  names.map((name) => words[name] ?? name).join(" · ");
