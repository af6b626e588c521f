/** Top bar of the studio: product title, shop and export. */
import { sessionChangeBounds } from "@/api/bounds.gen";
import { useState } from "react";
import { Link } from "wouter";
import { dollars } from "@/shared/format";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { PlatformSelect } from "@/shared/recipe/platform-select";
import { HomeLink } from "@/shared/shell/home-link";
import { LanguageSwitch, ThemeSwitch } from "@/shared/shell/switches";
import { Button, IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { useStudio } from "../hooks/use-studio";

type StudioBarProps = {
  onExport: () => void;
  onVersions: () => void;
};

export function StudioBar({ onExport, onVersions }: StudioBarProps) {
  const { session, runs, selection } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const [renaming, setRenaming] = useState(false);
  const exportable = selection.variant !== null;
  const title = session.title || t.common.untitled;
  const spent = session.jobs.reduce((sum, job) => sum + job.cost_usd, 0);
  return (
    <header className="z-(--z-bar) flex h-[52px] shrink-0 items-center gap-2 border-b border-line bg-chrome pr-4 pl-5 max-sm:sticky max-sm:top-(--lines,0px) max-sm:border-b-0 max-sm:px-2">
      <Link
        href="/"
        aria-label={t.problem.toProducts}
        className="grid size-11 shrink-0 place-items-center rounded-control text-ink-2 sm:-ml-3 md:hidden"
      >
        <Icon name="back" />
      </Link>
      <div className="flex shrink-0 items-center gap-2 max-md:hidden">
        <HomeLink />
        <nav
          aria-label={t.common.products}
          className="flex shrink-0 items-center gap-2.5 pl-4 text-body text-ink-2"
        >
          <Link href="/" className="rounded-tag hover:text-ink">
            {t.common.products}
          </Link>
          <span aria-hidden="true" className="text-ink-3">
            /
          </span>
        </nav>
      </div>
      <h1 className="min-w-0 truncate text-body font-semibold max-sm:text-lead">{title}</h1>
      <IconButton
        name="edit"
        size={14}
        label={t.common.rename}
        className="size-8"
        onClick={() => setRenaming(true)}
      />
      <div className="ml-auto flex shrink-0 items-center gap-2">
        {phone ? (
          <>
            <IconButton name="history" size={22} label={t.studio.showVersions} onClick={onVersions} />
            <IconButton
              name="download"
              size={22}
              label={t.studio.export}
              disabled={!exportable}
              onClick={onExport}
            />
          </>
        ) : (
          <>
            <PlatformSelect
              showLabel
              className="max-w-56 max-md:max-w-40 max-md:[&>:first-child]:sr-only"
              value={session.platform}
              onChange={(platform) => runs.change.mutate({ platform })}
            />
            <p className="px-2.5 text-data whitespace-nowrap text-ink-2 max-md:hidden">
              {t.studio.spent} <span className="font-semibold text-ink">{dollars(spent)}</span>
            </p>
            <IconButton
              name="history"
              label={t.studio.showVersions}
              className="lg:hidden"
              onClick={onVersions}
            />
            <LanguageSwitch />
            <ThemeSwitch />
            <Button icon="download" disabled={!exportable} onClick={onExport}>
              {t.studio.export}
            </Button>
          </>
        )}
      </div>
      {renaming && (
        <TextDialog
          title={t.home.renameTitle}
          label={t.common.name}
          value={session.title}
          maxLength={sessionChangeBounds.title.maxLength}
          onSave={(next) => runs.change.mutateAsync({ title: next })}
          onClose={() => setRenaming(false)}
        />
      )}
    </header>
  );
}
