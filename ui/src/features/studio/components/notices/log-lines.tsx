/** Log of a job, newest line last. */
import { useState } from "react";
import type { LogLine } from "@/api/feed";
import { clock } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { useNames } from "@/shared/hooks/use-names";

const SHORT = 4;

type LogLinesProps = { lines: readonly LogLine[]; since: string };

export function LogLines({ lines, since }: LogLinesProps) {
  const { t } = useTranslation();
  const textOf = useLogText();
  const [all, setAll] = useState(false);
  if (lines.length === 0) return null;
  const begun = Date.parse(since);
  return (
    <div className="flex flex-col gap-1.5">
      <ol className="flex flex-col gap-0.5 text-caption text-ink-2">
        {(all ? lines : lines.slice(-SHORT)).map((line) => (
          <li key={line.seq} className="flex gap-2.5">
            <span className="shrink-0 text-ink-3">{clock(Date.parse(line.at) - begun)}</span>
            <span className={`min-w-0 ${line.level === "warning" ? "text-warn" : ""}`}>
              {line.level === "warning" && <Icon name="warning" size={14} className="mr-1 align-[-2px]" />}
              {textOf(line)}
            </span>
          </li>
        ))}
      </ol>
      {lines.length > SHORT && !all && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="self-start text-caption font-medium text-accent"
        >
          {t.studio.allLines}
        </button>
      )}
    </div>
  );
}

/** Returns a function that translates a log line by its code. An unknown code shows the server's text. */
export function useLogText(): (line: LogLine) => string {
  const { t } = useTranslation();
  const { provider, reason } = useNames();
  return (line) => {
    const param = (name: string) => {
      const value = line.params[name];
      const text = Array.isArray(value)
        ? value.join(t.studio.joiner)
        : typeof value === "number"
          ? String(value)
          : value;
      if (typeof text !== "string") return "";
      if (name === "from" || name === "to" || name === "provider") return provider(text);
      return name === "reason" ? reason(text) : text;
    };
    return t.studio.logs[line.code]?.(param) ?? line.message;
  };
}
