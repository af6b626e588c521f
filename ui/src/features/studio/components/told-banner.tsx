/** Says what the newest turn did not do, over the picture that lacks it; stays in view while the page scrolls. */
import { useState } from "react";
import type { Feed } from "@/api/feed";
import { useSpeech } from "@/shared/i18n/words";
import { IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { useTold } from "../hooks/use-told";
import type { Turn } from "../turns";
import { useLogText } from "./log-lines";

type ToldBannerProps = { turn: Turn | null; feedOf: (jobId: string) => Feed };

export function ToldBanner({ turn, feedOf }: ToldBannerProps) {
  const { t } = useSpeech();
  const textOf = useLogText();
  const [putAway, setPutAway] = useState<string | null>(null);
  const warnings = useTold(turn, feedOf).filter(({ level }) => level === "warning");
  if (!turn || warnings.length === 0 || putAway === turn.job.id) return null;
  return (
    <div
      role="alert"
      className="sticky top-0 z-(--z-bar) flex items-start gap-2.5 border-b border-line bg-warn-soft py-1 pr-1 pl-4 text-data"
    >
      <Icon name="warning" className="mt-3 shrink-0 text-warn" />
      <div className="min-w-0 flex-1 py-2.5">
        {warnings.map((line) => (
          <p key={line.seq} className="break-words">
            {textOf(line)}
          </p>
        ))}
      </div>
      <IconButton name="close" label={t.common.close} onClick={() => setPutAway(turn.job.id)} />
    </div>
  );
}
