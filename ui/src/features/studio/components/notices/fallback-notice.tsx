/** Fallback notice: another model took over, and why. Amber, because the quality may differ. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { useNames } from "@/shared/hooks/use-names";

type Fallback = Schemas["Fallback"];

export function FallbackNotice({ fallbacks }: { fallbacks: readonly Fallback[] }) {
  const names = useNames();
  const last = fallbacks.at(-1);
  if (!last) return null;
  return (
    <div className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2.5 text-data">
      <Icon name="fallback" className="mt-px text-warn" />
      <div>
        <Fallbacks to={names.provider(last.to)} fallbacks={fallbacks} />
      </div>
    </div>
  );
}

/** Lines of a fallback: the model that took over, and why each one before it did not make the picture. */
export function Fallbacks({ to, fallbacks }: { to: string; fallbacks: readonly Fallback[] }) {
  const { t } = useTranslation();
  const { provider, reason } = useNames();
  return (
    <>
      <p className="font-semibold text-warn">{t.studio.fellBack(to)}</p>
      {fallbacks.map((fallback, index) => (
        <p key={index}>{t.studio.fellBackWhy(provider(fallback.from), reason(fallback.reason))}</p>
      ))}
    </>
  );
}
