/** The mark and the name, which lead home. */
import { Link } from "wouter";
import { useSpeech } from "../i18n/words";
import { Mark } from "../ui/icon";

/** Link to the home page; with `short` room, a phone shows the mark alone. */
export function HomeLink({ short = false }: { short?: boolean }) {
  const { t } = useSpeech();
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
