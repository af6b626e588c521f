/** Toast that lists photos which were not accepted. */
import { useSpeech } from "@/shared/i18n/words";
import { refusalText } from "./check-file";
import { useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/toast";
import type { Missed } from "./upload-row";

export function useTellMissed(): (missed: readonly Missed[]) => void {
  const { t } = useSpeech();
  const problemText = useProblemText();
  const toast = useToast();
  return (missed) => {
    const [first] = missed;
    if (!first) return;
    const why = first.refusal ? refusalText(first.refusal, t.upload) : problemText(first.error);
    toast(missed.length === 1 ? `${first.name}: ${why}` : t.upload.notAdded(missed.length));
  };
}
