/** Provider status in one line: this computer, and the models with a key. */
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";

export function ProviderStatus() {
  const { t, say, locale } = useTranslation();
  const config = useConfig();
  if (!config) return null;
  const ready = config.providers
    .filter(({ id, state }) => id !== "local" && state === "ready")
    .map(({ name }) => say(name));
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-accent" />
      {ready.length ? t.home.providersReady(ready.join(locale === "zh" ? "、" : ", ")) : t.home.localOnly}
    </span>
  );
}
