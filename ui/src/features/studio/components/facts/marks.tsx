/**
 * Quality marks of a picture: one overall icon, text and a fix for each mark that needs a look, figures on demand.
 */
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { Tooltip } from "@/shared/ui/layers/tooltip";
import { isOfCutOut, type Fix, type Mark } from "../../marks";

type MarksProps = {
  marks: readonly Mark[];
  explained?: boolean;
  /** True if the cut-out notice is shown as well, which has its own fix button. */
  besideNotice?: boolean;
  /** Called for the fix of a mark; without it no fix buttons are shown. */
  onFix?: ((fix: Fix) => void) | undefined;
};

/** Text of a mark that needs a look. A doubt about the cut-out has only its name. */
export function useLookText(): (mark: Mark) => string {
  const { t } = useTranslation();
  return ({ name, value }) => (value === "" ? t.studio.marks[name] : t.studio.lookAt(t.studio.marks[name]));
}

export function Marks({ marks, explained = false, besideNotice = false, onFix }: MarksProps) {
  const { t } = useTranslation();
  const isCorrectable = useConfig()?.features.matte_correction ?? false;
  const lookText = useLookText();
  if (marks.length === 0) return null;
  // The first mark carries the warning. Further ones are shown only if they can be fixed.
  const looks = marks
    .filter(({ verdict }) => verdict === "look")
    .filter(({ fix }, at) => at === 0 || fix)
    .filter((mark) => !(besideNotice && isCorrectable && isOfCutOut(mark)));
  const isGood = marks.every(({ verdict }) => verdict !== "look");
  return (
    <ul className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-data">
      {isGood && (
        <li className="flex items-center gap-1.5 whitespace-nowrap text-ink-2">
          <Icon name="adopt" size={14} className="text-ink-3" />
          {t.studio.looksGood}
        </li>
      )}
      {looks.map((mark) => (
        <li key={mark.name} className="flex items-center gap-1.5 text-warn">
          <Icon name="warning" size={14} className="shrink-0" />
          {lookText(mark)}
          {onFix && mark.fix && <FixButton fix={mark.fix} onFix={onFix} />}
        </li>
      ))}
      {explained && (
        <li>
          <Meanings marks={marks} named={!isGood && looks.length === 0} />
        </li>
      )}
    </ul>
  );
}

function FixButton({ fix, onFix }: { fix: Fix; onFix: (fix: Fix) => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      title={t.studio.restoreNote}
      onClick={() => onFix(fix)}
      className="-my-1 rounded-control px-1.5 py-1 font-medium whitespace-nowrap text-accent underline underline-offset-2 hover:bg-hover pointer-coarse:min-h-11"
    >
      {t.studio.restore[fix]}
    </button>
  );
}

function Meanings({ marks, named }: { marks: readonly Mark[]; named: boolean }) {
  const { t } = useTranslation();
  return (
    <Tooltip
      label={t.studio.marksExplained}
      trigger={
        <span className="flex items-center text-ink-2">
          <Icon name="help" size={14} className="my-1 mr-1" />
          {named && t.studio.figures}
        </span>
      }
    >
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
