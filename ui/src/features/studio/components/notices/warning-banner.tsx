/** Banner: what the newest turn did not do, with a button for the way out. */
import type { LogLine } from "@/api/feed";
import { useTranslation } from "@/shared/i18n/translation";
import { Button, IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { phrasesIn } from "@/shared/instruction/rejected-clauses";
import { useLogText } from "./log-lines";

type ToldBannerProps = {
  /** Warnings of a turn. */
  lines: readonly LogLine[];
  /** True while another instruction is being sent. */
  busy: boolean;
  /** Sends the suggestion as an instruction. */
  onDo: (phrase: string) => void;
  onClose: () => void;
  /** Null if the picture on the stage is not of that turn. */
  onUndo: (() => void) | null;
  /** Leads to the scenes. */
  onBackground: () => void;
};

export function WarningBanner({ lines, busy, onDo, onClose, ...on }: ToldBannerProps) {
  const { t, locale } = useTranslation();
  const textOf = useLogText();
  if (lines.length === 0) return null;
  // Each candidate may say the same.
  const said = [...new Map(lines.map((line) => [textOf(line), line])).values()];
  const needsBackground = said.findLast(({ code }) => code.endsWith("_NEEDS_BACKGROUND"));
  return (
    <div
      role="alert"
      className="flex shrink-0 items-start gap-2.5 border-y border-line bg-warn-soft py-1 pr-1 pl-5 text-data max-sm:pl-4"
    >
      <Icon name="warning" className="mt-2.5 shrink-0 text-warn" />
      <ul className="scroll-quiet flex max-h-[30dvh] max-md:max-h-[24dvh] min-w-0 flex-1 flex-col gap-1.5 overflow-y-auto py-2">
        {said.map((line) => {
          const phrases = phrasesIn(line.params[locale] ?? line.params.suggestion);
          // Several suggestions for a clause that was not understood are only examples, so none gets a button.
          const offered = line.code === "NOT_UNDERSTOOD" && phrases.length > 1 ? [] : phrases;
          return (
            <li key={line.seq} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 max-sm:gap-x-1.5">
              <span className="min-w-0 break-words">{textOf(line)}</span>
              {offered.map((phrase) => (
                <Button key={phrase} size="small" disabled={busy} onClick={() => onDo(phrase)}>
                  {t.studio.doInstead(phrase)}
                </Button>
              ))}
              {line === needsBackground && (
                <Button size="small" onClick={on.onBackground}>
                  {t.studio.replace}
                </Button>
              )}
              {line.code === "PAINTED_REPLACED" && on.onUndo && (
                <Button size="small" onClick={on.onUndo}>
                  {t.studio.undo}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <IconButton name="close" label={t.common.close} onClick={onClose} />
    </div>
  );
}
