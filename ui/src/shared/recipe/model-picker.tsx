/** Model picker: automatic, or one model by name. */
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { readyRoutes } from "@/shared/providers";
import { Select } from "@/shared/ui/select";
import type { ModelChoice } from "./use-model-choice";

type ModelPickerProps = { operation: Schemas["Operation"]; choice: ModelChoice };

/** Hidden while only the local provider is available. */
export function ModelPicker({ operation, choice }: ModelPickerProps) {
  const { t } = useTranslation();
  const names = useNames();
  const config = useConfig();
  if (!config) return null;
  const routes = readyRoutes(config, operation);
  const asked = config.providers.filter(({ state }) => state !== "not_configured");
  if (asked.length < 2) return null;
  const away = asked.filter(({ id, state }) => state !== "ready" && !routes.some((r) => r.provider === id));
  const price = ({ provider, cost_usd }: Schemas["Route"]) =>
    provider === "local"
      ? t.studio.free
      : cost_usd === null
        ? t.studio.costUnknown
        : t.studio.each(dollars(cost_usd));
  const option = (id: string, note: string) => ({
    value: id,
    label: [names.provider(id), note].join(t.common.dot),
  });
  const order = [...new Set(routes.map(({ provider }) => names.provider(provider)))];
  return (
    <div className="flex flex-col gap-1.5">
      <Select
        showLabel
        label={t.studio.model}
        className="w-full"
        value={choice.chosen ?? ""}
        options={[
          { value: "", label: t.studio.modelAuto },
          ...routes.map((route) => option(route.provider, price(route))),
          ...away.map(({ id, state }) => ({ ...option(id, t.settings.states[state]), disabled: true })),
        ]}
        onChange={(provider) => choice.choose(provider || null)}
      />
      {choice.chosen === null && order.length > 1 && (
        <p className="text-caption text-ink-2">{t.studio.order(order.join(" → "))}</p>
      )}
    </div>
  );
}
