/** What is said of an item: its state, and why a person should look at it. */
import { useErrorWords } from "@/shared/ui/call-problem";
import type { Item } from "../queries";
import { useBatchSpeech } from "../speech";

export type ItemWords = { text: string; tone: "plain" | "good" | "warn" | "fail" };

export function useWarningWords(): (code: string) => string {
  const { t } = useBatchSpeech();
  return (code) => t.batch.warnings[code] ?? t.batch.warningOther;
}

export function useItemWords(): (item: Item) => ItemWords {
  const { t } = useBatchSpeech();
  const errorWords = useErrorWords();
  const warningWords = useWarningWords();
  return ({ status, warnings, error }) => {
    const said = t.batch.itemStatuses[status];
    switch (status) {
      case "failed":
        return { text: error ? errorWords(error.code, error.title) : said, tone: "fail" };
      case "needs_review":
        return { text: warnings[0] ? warningWords(warnings[0]) : said, tone: "warn" };
      case "approved":
        return { text: said, tone: "good" };
      default:
        return { text: said, tone: "plain" };
    }
  };
}
