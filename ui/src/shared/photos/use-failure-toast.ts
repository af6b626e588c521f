/** Toast that lists photos which were not accepted. */
import { useTranslation } from "@/shared/i18n/translation";
import { refusalText } from "./check-file";
import { useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/layers/toast";
import type { FailedUpload } from "./upload-row";

export function useFailureToast(): (failures: readonly FailedUpload[]) => void {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const toast = useToast();
  return (failures) => {
    const [first] = failures;
    if (!first) return;
    const reason = first.refusal ? refusalText(first.refusal, t.upload) : problemText(first.error);
    toast(failures.length === 1 ? `${first.name}: ${reason}` : t.upload.notAdded(failures.length));
  };
}
