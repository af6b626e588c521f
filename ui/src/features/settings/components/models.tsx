/** Providers with their availability and prices. */
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { dayOf, dollars, seconds, timeOfDay } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { hasEnded, modelOf } from "@/shared/providers";
import { Tag } from "@/shared/ui/tag";
import { NetworkLine } from "./network-line";

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
                    provider.until ? timeOfDay(provider.until, tag) : null,
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
