/** Logo that links to the home screen. */
import { Link } from "wouter";
import { useTranslation } from "../i18n/translation";
import { Mark } from "../ui/icon";

/** With `short`, a phone shows only the mark and not the name. */
export function HomeLink({ short = false }: { short?: boolean }) {
  const { t } = useTranslation();
  return (
    <Link
      href="/"
      className="relative flex shrink-0 items-center gap-2 rounded-control text-lead font-semibold after:absolute after:-inset-3 after:content-['']"
    >
      <Mark />
      <span className={short ? "max-sm:sr-only" : ""}>{t.common.appName}</span>
    </Link>
  );
}
