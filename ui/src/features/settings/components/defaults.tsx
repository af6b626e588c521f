/** Defaults for new products and batches. */
import { useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { useTranslation } from "@/shared/i18n/translation";
import { HowMany } from "@/shared/recipe/how-many";
import { PlatformSelect } from "@/shared/recipe/platform-select";
import { Row, Section } from "./section";

export function Defaults() {
  const { t } = useTranslation();
  const [platform, setPlatform] = usePlatform();
  const [candidates, setCandidates] = useCandidates();
  return (
    <Section title={t.settings.defaults} lead={t.settings.defaultsHint}>
      <Row label={t.studio.platform}>
        <PlatformSelect value={platform} onChange={setPlatform} />
      </Row>
      <Row label={t.studio.howMany}>
        <HowMany size="normal" value={candidates} onChange={setCandidates} />
      </Row>
    </Section>
  );
}
