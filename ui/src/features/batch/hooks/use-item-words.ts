/** What is said of one item under its pair of pictures. */
import type { Schemas } from "@/api/client";
import { useNames } from "@/shared/hooks/use-names";
import { useSpeech } from "@/shared/i18n/words";
import { refusalText } from "@/shared/photos/check-file";
import { useErrorWords } from "@/shared/ui/call-problem";
import { adoptedOf, phaseOf, pictureOf, type Item } from "../list";
import type { Snapshot } from "../run";

/** The worst mark of a picture in words, or null where all is as it should be. */
export type Look = (variant: Schemas["Variant"]) => string | null;

export type ItemWords = { text: string; tone: "plain" | "warn" | "fail" };

export function useItemWords(now: Snapshot, lookOf: Look): (item: Item) => ItemWords {
  const { t } = useSpeech();
  const names = useNames();
  const errorWords = useErrorWords();
  const reasonOf = ({ trouble, job }: Item): string => {
    if (trouble?.why === "refused") return refusalText(trouble.refusal, t.upload);
    if (trouble?.why === "lost") return t.batch.lost;
    if (trouble?.why === "problem") return errorWords(trouble.code, trouble.title);
    const error = job?.last_error;
    return error ? errorWords(error.code, error.title) : t.studio.turnFailed;
  };
  return (item) => {
    const phase = phaseOf(item, now.sending);
    switch (phase) {
      case "failed":
        return { text: reasonOf(item), tone: "fail" };
      case "done": {
        const variant = pictureOf(item);
        const look = variant && lookOf(variant);
        if (look) return { text: look, tone: "warn" };
        const skipped = item.skipped && adoptedOf(item) === null;
        return { text: skipped ? t.batch.skipped : t.batch.checked, tone: "plain" };
      }
      case "running": {
        const feed = now.feeds.get(item.job?.id ?? "");
        const asked = feed?.logs.findLast(({ model_name: model }) => model)?.model_name;
        const model = names.provider(asked?.split("/")[0] ?? "local");
        return { text: names.stage(feed?.stage ?? null, model), tone: "plain" };
      }
      case "queued": {
        const place = item.job?.queue_position ?? null;
        return { text: place === null ? t.batch.phases.queued : t.batch.position(place), tone: "plain" };
      }
      default:
        return { text: t.batch.phases[phase], tone: "plain" };
    }
  };
}
