/** Error of something that could not be loaded, with a button that tries again. */
import { useTranslation } from "../i18n/translation";
import { Button } from "./button";
import { CallProblem } from "./call-problem";

type LoadProblemProps = {
  error: unknown;
  onRetry: () => void;
};

export function LoadProblem({ error, onRetry }: LoadProblemProps) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <div className="flex flex-col items-start gap-3">
      <CallProblem error={error} />
      <Button icon="retry" onClick={onRetry}>
        {t.common.retry}
      </Button>
    </div>
  );
}
