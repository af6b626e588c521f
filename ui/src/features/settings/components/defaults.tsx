/** Defaults for new products and batches. */
import { candidateCounts, useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { useTranslation } from "@/shared/i18n/translation";
import { PlatformSelect } from "@/shared/recipe/platform-select";
import { Segment } from "@/shared/ui/segment";
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
        <Segment
          label={t.studio.howMany}
          choices={candidateCounts.map((n) => ({ value: n, label: String(n) }))}
          value={candidates}
          onChange={setCandidates}
        />
      </Row>
    </Section>
  );
}
