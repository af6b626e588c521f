/** Models: providers with their availability and prices, networks, reader and budget. */
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { dayOf, dollars, seconds, upcoming } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { hasEnded, modelOf } from "@/shared/providers";
import { CallProblem } from "@/shared/ui/call-problem";
import { Tag } from "@/shared/ui/tag";
import { ProviderCheck } from "./provider-check";
import { Section, ShareBar } from "./section";

const tones = {
  ready: "accent",
  cooling: "warn",
  unavailable: "fail",
  not_configured: "plain",
  retired: "warn",
} as const;

/** A missing key and a past last day are told by the state and the facts of the model. */
const hasRefused = ({ state, until }: Schemas["ProviderState"]) =>
  state !== "not_configured" && (state !== "retired" || until !== null);

type ModelsProps = { config: Schemas["Config"] | undefined; error: unknown };

export function Models({ config, error }: ModelsProps) {
  const { t } = useTranslation();
  return (
    <Section title={t.settings.models} lead={t.settings.modelsHint}>
      {config ? (
        <>
          <ProviderList config={config} />
          <ProviderCheck />
          {config.reader && <ReaderLine reader={config.reader} />}
          <BudgetLine budget={config.budget} />
        </>
      ) : (
        <CallProblem error={error} />
      )}
    </Section>
  );
}

export function ProviderList({ config }: { config: Schemas["Config"] }) {
  const { t, tag } = useTranslation();
  const names = useNames();
  const [today] = useState(() => new Date());
  const rank = (id: string) => {
    const place = config.capability_map.bg_replace.findIndex((route) => route.provider === id);
    return place === -1 ? config.providers.length : place;
  };
  const lastDay = (ends: string) => {
    const day = dayOf(ends, tag);
    return hasEnded(ends, today) ? t.settings.retiredSince(day) : t.settings.until(day);
  };
  const providers = config.providers.toSorted((a, b) => rank(a.id) - rank(b.id));
  return (
    <ul>
      {providers.map((provider) => {
        const model = modelOf(provider);
        const route = config.capability_map.bg_replace.find((other) => other.provider === provider.id);
        const facts = [
          ...(model && provider.id !== "local" ? [model.id] : []),
          ...(route ? [seconds(route.latency_seconds * 1000)] : []),
          ...(provider.id === "local"
            ? [t.studio.free]
            : model?.cost_usd === null || model === undefined
              ? []
              : [t.settings.perPicture(dollars(model.cost_usd))]),
          ...(model?.shuts_down_on ? [lastDay(model.shuts_down_on)] : []),
        ];
        return (
          <li key={provider.id} className="flex items-center gap-3 border-b border-line py-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium first-letter:uppercase">{names.provider(provider.id)}</p>
              <p className="text-data break-words text-ink-2">{facts.join(t.common.dot)}</p>
              {provider.id === "local" && <NetworkLine networks={config.networks} />}
              {provider.reason && hasRefused(provider) && (
                <p className="text-data text-warn">
                  {t.settings.lastRefusal(
                    names.reason(provider.reason),
                    provider.until ? upcoming(provider.until, tag) : null,
                  )}
                </p>
              )}
              {provider.id === "sora" && provider.state === "retired" && (
                <p className="text-data text-ink-2">{t.settings.soraRetired}</p>
              )}
            </div>
            <Tag tone={tones[provider.state]}>
              {provider.reason === "not_chosen"
                ? t.studio.reasons.not_chosen
                : t.settings.states[provider.state]}
            </Tag>
          </li>
        );
      })}
    </ul>
  );
}

/** Segmentation networks on this computer, with their licences. */
export function NetworkLine({ networks }: { networks: Schemas["Networks"] }) {
  const { t } = useTranslation();
  const { in_use: name, licence, precise, precise_offered: offered } = networks;
  return (
    <div className="text-data break-words text-ink-2">
      <p>{licence ? t.settings.cutOutBy(name, licence) : t.settings.cutOutByColour}</p>
      {precise && <p>{t.settings.preciseBy(precise, networks.precise_licence ?? "")}</p>}
      {offered && (
        <p>
          {t.settings.preciseMissing} <code>stillroom models fetch {offered}</code>
        </p>
      )}
    </div>
  );
}

/** Reader model for instructions that the rules do not understand, and what is sent to it. */
function ReaderLine({ reader }: { reader: Schemas["ReaderState"] }) {
  const { t } = useTranslation();
  return (
    <div className="border-b border-line py-3">
      <p>
        <span className="font-medium">{t.settings.reader}</span>{" "}
        <span className="break-all text-ink-2">{reader.model}</span>
      </p>
      <p className="pt-1 text-data break-words text-ink-2">
        {reader.sees_photos ? t.settings.readerSees(reader.host) : t.settings.readerSends(reader.host)}
      </p>
    </div>
  );
}

/** Remaining budget of today; hidden when no limit is set. */
function BudgetLine({ budget }: { budget: Schemas["Budget"] }) {
  const { t, tag } = useTranslation();
  if (budget.limit_usd === null) return null;
  const share = budget.limit_usd === 0 ? 1 : Math.min(1, budget.spent_usd / budget.limit_usd);
  const resets = upcoming(budget.resets_at, tag);
  return (
    <div className="py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">{t.settings.budget}</span>
        <span className="text-data">
          {t.settings.budgetSpent(dollars(budget.spent_usd), dollars(budget.limit_usd))}
        </span>
      </p>
      <ShareBar share={share} className={budget.used_up ? "bg-warn" : "bg-accent"} />
      <p className={`pt-1.5 text-data ${budget.used_up ? "text-warn" : "text-ink-2"}`}>
        {budget.used_up ? t.settings.budgetUsedUp(resets) : t.settings.budgetResets(resets)}
      </p>
    </div>
  );
}
