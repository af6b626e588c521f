/** Segmentation networks on this computer, with their licences. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";

export function NetworkLine({ networks }: { networks: Schemas["Networks"] }) {
  const { t } = useTranslation();
  const {
    in_use: name,
    licence,
    precise,
    precise_licence: preciseLicence,
    precise_offered: offered,
  } = networks;
  return (
    <div className="text-data break-words text-ink-2">
      <p>{licence ? t.settings.cutOutBy(name, licence) : t.settings.cutOutByColour}</p>
      {precise && <p>{t.settings.preciseBy(precise, preciseLicence ?? "")}</p>}
      {offered && (
        <p>
          {t.settings.preciseMissing} <code>stillroom models fetch {offered}</code>
        </p>
      )}
    </div>
  );
}
