/** Settings screen: language, appearance, providers and costs. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { configQuery } from "@/api/queries";
import { useShortcutsOn } from "@/shared/hooks/use-shortcuts";
import { surroundChoices, useSurround } from "@/shared/stage/use-surround";
import { useTitle } from "@/shared/hooks/use-title";
import { themes, useTheme } from "@/shared/hooks/use-theme";
import { useTranslation, type Locale } from "@/shared/i18n/translation";
import { PageBar } from "@/shared/shell/page-bar";
import { Checkbox } from "@/shared/ui/checkbox";
import { KeyList } from "@/shared/ui/key-list";
import { Segment } from "@/shared/ui/segment";
import { Select } from "@/shared/ui/select";
import { thisMonth, usageQuery } from "../queries";
import { webhooksQuery } from "../webhook-queries";
import { Defaults } from "./defaults";
import { DeleteAll } from "./delete-all";
import { Models } from "./models";
import { Row, Section } from "./section";
import { UsageTable } from "./usage-table";
import { Webhooks } from "./webhooks";

const languages: { value: Locale; label: string }[] = [
  { value: "zh", label: "中文" },
  { value: "en", label: "English" },
];

/** The list of exported files belongs to another feature, so the app passes it in. */
export function SettingsScreen({ exports }: { exports: ReactNode }) {
  const { t, locale, setLocale } = useTranslation();
  const [theme, setTheme] = useTheme();
  const [surround, setSurround] = useSurround();
  const [shortcuts, setShortcuts] = useShortcutsOn();
  const { config, error, hasModels, hasUsage, hasWebhooks } = useLoaded();
  useTitle(t.common.settings);
  const themeNames = { system: t.common.themeSystem, light: t.common.themeLight, dark: t.common.themeDark };
  return (
    <>
      <PageBar />
      <main id="content" className="mx-auto flex w-full max-w-[672px] flex-col gap-8 px-4 pt-8 pb-16">
        <h1 className="text-title font-semibold">{t.common.settings}</h1>
        <Section title={t.settings.general}>
          <Row label={t.common.language}>
            <Segment label={t.common.language} choices={languages} value={locale} onChange={setLocale} />
          </Row>
          <Row label={t.common.theme}>
            <Segment
              label={t.common.theme}
              choices={themes.map((value) => ({ value, label: themeNames[value] }))}
              value={theme}
              onChange={setTheme}
            />
          </Row>
          <Row label={t.studio.surround}>
            <Select
              label={t.studio.surround}
              value={surround}
              options={surroundChoices.map((value) => ({
                value,
                label: value === "theme" ? t.settings.asTheme : t.studio.surrounds[value],
              }))}
              onChange={setSurround}
            />
          </Row>
          <div className="border-b border-line py-3">
            <Checkbox checked={shortcuts} onChange={setShortcuts}>
              {t.settings.shortcuts}
            </Checkbox>
            <p className="pt-1 pl-7 text-data text-ink-2">{t.settings.shortcutsHint}</p>
            <KeyList className="grid grid-cols-2 gap-x-6 gap-y-1 pt-3 pl-7 max-sm:grid-cols-1 pointer-coarse:hidden" />
          </div>
        </Section>
        <Defaults />
        <Models config={config} error={error} />
        {hasModels && <UsageTable />}
        {hasUsage && <Webhooks />}
        {hasWebhooks && (
          <Section title={t.settings.data}>
            <DeleteAll />
            {exports}
          </Section>
        )}
        {hasWebhooks && config && <p className="text-caption text-ink-3">Stillroom {config.version}</p>}
      </main>
    </>
  );
}

/**
 * Loading state of the sections. Each is shown once the length of those above it is known, because rows that come
 * late would move its buttons away from under the pointer.
 */
function useLoaded() {
  const { data: config, error, isPending } = useQuery(configQuery);
  const usage = useQuery(usageQuery(thisMonth()));
  const webhooks = useQuery(webhooksQuery);
  const hasModels = !isPending;
  const hasUsage = hasModels && !usage.isPending;
  return { config, error, hasModels, hasUsage, hasWebhooks: hasUsage && !webhooks.isPending };
}
