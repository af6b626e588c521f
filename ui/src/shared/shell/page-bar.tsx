/** Top bar of all screens except the studio. */
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useRunningJob } from "../hooks/use-running-job";
import { useTranslation } from "../i18n/translation";
import { Icon } from "../ui/icon";
import { HomeLink } from "./home-link";
import { RunningLine } from "./running-line";
import { SignOut } from "./sign-out";
import { LanguageSwitch, ThemeSwitch } from "./switches";

export function PageBar({ status }: { status?: ReactNode }) {
  const { t } = useTranslation();
  const [atHome] = useRoute("/");
  const [inBatch] = useRoute("/batches/:id?");
  const [inLab] = useRoute("/lab/golden");
  const [atSettings] = useRoute("/settings");
  const running = useRunningJob(!inBatch);
  return (
    <header className="sticky top-0 z-(--z-bar) flex h-[52px] items-center gap-8 border-b max-sm:gap-3 border-line bg-chrome px-4 sm:px-6 lg:px-8 xl:px-10">
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
