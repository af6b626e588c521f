/** Top bar of all screens except the studio. */
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useRunningJob, type RunningJob } from "../hooks/use-running-job";
import { useTranslation } from "../i18n/translation";
import { Icon } from "../ui/icon";
import { HomeLink } from "./home-link";
import { SignOut } from "./sign-out";
import { LanguageSwitch, ThemeSwitch } from "./switches";
import { useNames } from "../hooks/use-names";
import { ProgressBar } from "../ui/progress-bar";

export function PageBar({ status }: { status?: ReactNode }) {
  const { t } = useTranslation();
  const [atHome] = useRoute("/");
  const [inBatch] = useRoute("/batches/:id?");
  const [inLab] = useRoute("/lab/golden");
  const [atSettings] = useRoute("/settings");
  const running = useRunningJob(!inBatch);
  return (
    <header className="sticky top-(--lines,0px) z-(--z-bar) flex h-[52px] items-center gap-8 border-b max-sm:gap-3 border-line bg-chrome px-4 sm:px-6 lg:px-8 xl:px-10">
      <HomeLink short />
      <nav aria-label={t.common.pages} className="flex h-full gap-6 max-sm:gap-3">
        {[
          { href: "/", name: t.common.products, isHere: atHome },
          { href: "/batches", name: t.batches.nav, isHere: inBatch },
          { href: "/lab/golden", name: t.common.evaluation, isHere: inLab },
        ].map(({ href, name, isHere }) => (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className="flex h-full items-center whitespace-nowrap border-b-2 max-sm:[&[href^='/lab']]:hidden border-transparent px-0.5 text-body text-ink-2 aria-[current]:border-ink aria-[current]:font-semibold aria-[current]:text-ink"
          >
            {name}
          </Link>
        ))}
      </nav>
      <div className="ml-auto flex min-w-0 items-center gap-2 max-sm:gap-0">
        <div className="min-w-0 truncate pr-3 text-data text-ink-2 max-md:hidden">
          {running ? <RunningLine running={running} className="flex" /> : status}
        </div>
        <LanguageSwitch />
        <ThemeSwitch />
        <SignOut />
        <Link
          href="/settings"
          aria-label={t.common.settings}
          title={t.common.settings}
          aria-current={atSettings ? "page" : undefined}
          className="grid size-9 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink aria-[current]:text-ink pointer-coarse:size-11"
        >
          <Icon name="settings" />
        </Link>
      </div>
      {running && (
        <div data-strip className="fixed inset-x-0 bottom-0 border-t border-line bg-panel md:hidden">
          <RunningLine running={running} className="flex h-11 px-4" />
        </div>
      )}
    </header>
  );
}

type RunningLineProps = { running: RunningJob; className: string };

/** Line about the running job, with a link to its product. */
function RunningLine({ running: { job, feed, title, others }, className }: RunningLineProps) {
  const { t } = useTranslation();
  const names = useNames();
  const runs = job.status === "running" || feed.attempt > 0;
  const ended = job.status === "succeeded" || job.status === "failed";
  const place = feed.position ?? job.queue_position;
  const stage = names.stage(feed);
  const words = ended
    ? t.common.ended[job.status === "failed" ? "failed" : "succeeded"]
    : runs
      ? stage
      : place
        ? t.studio.queuedAt(place)
        : t.studio.queuedSoon;
  return (
    <Link
      href={`/studio/${job.session_id}`}
      className={`min-w-0 items-center gap-2.5 text-data text-ink-2 hover:text-ink ${className}`}
    >
      <span className="min-w-0 truncate font-medium text-ink">{title || t.common.untitled}</span>
      <span
        className={`shrink-0 ${job.status === "failed" ? "text-fail" : ""} ${runs && !ended ? "md:max-lg:hidden" : ""}`}
      >
        {words}
      </span>
      {runs && !ended && (
        <>
          <ProgressBar
            label={stage}
            percent={feed.percent}
            thin
            className="shrink-0 max-md:absolute max-md:inset-x-0 max-md:-top-px md:w-14"
          />
          <span className="shrink-0 font-semibold text-ink">{`${feed.percent}%`}</span>
        </>
      )}
      {others > 0 && <span className="shrink-0">{t.common.moreJobs(others)}</span>}
    </Link>
  );
}
