/** The mark and the name, which lead home. */
import { Link } from "wouter";
import { useSpeech } from "../i18n/words";
import { Mark } from "../ui/icon";

export function HomeLink() {
  const { t } = useSpeech();
  return (
    <Link href="/" className="flex shrink-0 items-center gap-2 rounded-control text-lead font-semibold">
      <Mark />
      {t.common.appName}
    </Link>
  );
}
