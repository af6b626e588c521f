/** Full page with one message and the ways on: another try after a failed load, and the products. */
import { Link } from "wouter";
import { useTranslation } from "../i18n/translation";
import { Button } from "../ui/button";
import { CallProblem } from "../ui/call-problem";
import { column, MessageBlock } from "../ui/message-block";
import { PageBar } from "./page-bar";

type MessagePageProps = {
  title: string;
  /** Why the page could not be loaded, with what tries again. */
  problem?: { error: unknown; onRetry: () => void };
  /** Another way on than to the products. */
  back?: { href: string; name: string };
};

export function MessagePage({ title, problem, back }: MessagePageProps) {
  const { t } = useTranslation();
  return (
    <>
      <PageBar />
      <main id="content" className={column}>
        <MessageBlock title={title}>
          {problem && <CallProblem error={problem.error} />}
          <div className="flex flex-wrap gap-3">
            {problem && (
              <Button weight="filled" icon="retry" onClick={problem.onRetry}>
                {t.common.retry}
              </Button>
            )}
            <Link
              href={back?.href ?? "/"}
              className={`inline-flex h-9 items-center rounded-control border px-3 pointer-coarse:h-11 ${problem ? "border-line-strong bg-field font-medium hover:bg-hover" : "border-transparent bg-accent font-semibold text-accent-ink hover:opacity-92"}`}
            >
              {back?.name ?? t.problem.toProducts}
            </Link>
          </div>
        </MessageBlock>
      </main>
    </>
  );
}
