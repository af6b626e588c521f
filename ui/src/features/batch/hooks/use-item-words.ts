/** Labels of an item: its state, and why it needs a review. */
import { useErrorWords } from "@/shared/ui/call-problem";
import { lacksFiles, reasonsOf } from "../items";
import type { Item } from "../queries";
import { useBatchTranslation } from "../translation";

type ItemWords = { text: string; tone: "plain" | "good" | "warn" | "fail" };

export function useWarningWords(): (code: string) => string {
  const { t } = useBatchTranslation();
  return (code) => t.batch.warnings[code] ?? t.batch.warningOther;
}

export function useItemWords(): (item: Item) => ItemWords {
  const { t } = useBatchTranslation();
  const errorWords = useErrorWords();
  const warningWords = useWarningWords();
  return ({ status, warnings, error }) => {
    const [reason] = reasonsOf({ warnings });
    const said = t.batch.itemStatuses[status];
    switch (status) {
      case "failed":
        return { text: error ? errorWords(error) : said, tone: "fail" };
      case "needs_review":
        return { text: reason ? warningWords(reason) : said, tone: "warn" };
      default:
        if (lacksFiles({ warnings })) return { text: warningWords("export_failed"), tone: "warn" };
        return { text: said, tone: status === "approved" ? "good" : "plain" };
    }
  };
}
