/** Defaults for new products and batches. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";
import { candidateCounts, useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { useTranslation } from "@/shared/i18n/translation";
import { Segment } from "@/shared/ui/segment";
import { Select } from "@/shared/ui/select";
import { Row, Section } from "./section";

export function Defaults() {
  const { t, say } = useTranslation();
  const { data: config } = useQuery(configQuery);
  const [platform, setPlatform] = usePlatform();
  const [candidates, setCandidates] = useCandidates();
  return (
    <Section title={t.settings.defaults} lead={t.settings.defaultsHint}>
      <Row label={t.studio.platform}>
        <Select
          label={t.studio.platform}
          value={platform ?? ""}
          onChange={(event) => setPlatform(event.target.value || null)}
        >
          <option value="">{t.studio.noPlatform}</option>
          {config?.platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {say(name)}
            </option>
          ))}
        </Select>
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
