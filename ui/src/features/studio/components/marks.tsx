/** What was measured on a picture: quiet when it is as it should be, amber when it needs a look. */
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import type { Mark } from "../marks";

export function Marks({ marks, dense = false }: { marks: readonly Mark[]; dense?: boolean }) {
  const { t } = useSpeech();
  if (marks.length === 0) return null;
  return (
    <ul className={`flex flex-wrap text-caption ${dense ? "gap-x-3 gap-y-0.5" : "gap-x-4 gap-y-1"}`}>
      {marks.map((mark) => (
        <li
          key={mark.name}
          className={`flex items-center gap-1.5 whitespace-nowrap ${mark.verdict === "look" ? "text-warn" : "text-ink-2"}`}
        >
          <Icon
            name={mark.verdict === "look" ? "warning" : "adopt"}
            size={14}
            className={mark.verdict === "look" ? "" : "text-ink-3"}
          />
          {t.studio.marks[mark.name]}
          <span className={`font-semibold ${mark.verdict === "look" ? "" : "text-ink"}`}>{mark.value}</span>
          {mark.verdict === "asked" && <span>{t.studio.asAsked}</span>}
        </li>
      ))}
    </ul>
  );
}
