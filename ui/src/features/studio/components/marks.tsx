/** What was measured on a picture: quiet when it is as it should be, amber when it needs a look. */
import type { ReactNode } from "react";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { Tooltip } from "@/shared/ui/tooltip";
import type { Fix, Mark } from "../marks";

type MarksProps = {
  marks: readonly Mark[];
  dense?: boolean;
  explained?: boolean;
  /** Offered for what needs a look; left out where nothing can be done. */
  onFix?: ((fix: Fix) => void) | undefined;
};

export function Marks({ marks, dense = false, explained = false, onFix }: MarksProps) {
  if (marks.length === 0) return null;
  return (
    <ul className={`flex flex-wrap text-caption ${dense ? "gap-x-3 gap-y-0.5" : "gap-x-4 gap-y-1"}`}>
      {marks.map((mark, index) => (
        <OneMark key={mark.name} mark={mark}>
          {onFix && mark.fix && <FixButton fix={mark.fix} onFix={onFix} />}
          {explained && index === marks.length - 1 && <Meanings marks={marks} />}
        </OneMark>
      ))}
    </ul>
  );
}

function OneMark({ mark: { name, value, verdict }, children }: { mark: Mark; children: ReactNode }) {
  const { t } = useSpeech();
  const look = verdict === "look";
  return (
    <li
      className={`flex items-center gap-1.5 ${value === "" ? "" : "whitespace-nowrap"} ${look ? "text-warn" : "text-ink-2"}`}
    >
      {verdict !== "plain" && (
        <Icon name={look ? "warning" : "adopt"} size={14} className={look ? "" : "text-ink-3"} />
      )}
      {t.studio.marks[name]}
      <span className={`font-semibold ${look ? "" : "text-ink"}`}>
        {verdict === "asked" ? t.studio.asAsked : (value ?? t.studio.notMeasured)}
      </span>
      {children}
    </li>
  );
}

function FixButton({ fix, onFix }: { fix: Fix; onFix: (fix: Fix) => void }) {
  const { t } = useSpeech();
  return (
    <button
      type="button"
      title={t.studio.restoreNote}
      onClick={() => onFix(fix)}
      className="-my-1 rounded-control px-1.5 py-1 font-medium text-accent underline underline-offset-2 hover:bg-hover pointer-coarse:min-h-11"
    >
      {t.studio.restore[fix]}
    </button>
  );
}

function Meanings({ marks }: { marks: readonly Mark[] }) {
  const { t } = useSpeech();
  return (
    <Tooltip label={t.studio.marksExplained} trigger={<Icon name="help" size={14} className="ml-1.5" />}>
      <dl className="flex flex-col gap-2">
        {marks.map(({ name, value, verdict, limit }) => (
          <div key={name}>
            <dt className="font-semibold">
              {t.studio.marks[name]} {value ?? t.studio.notMeasured}
              {verdict === "asked" && ` ${t.studio.asAsked}`}
            </dt>
            <dd className="text-ink-2">{t.studio.markMeans[name](limit)}</dd>
          </div>
        ))}
      </dl>
    </Tooltip>
  );
}
