/** Notices about models before a run: paused, refused, near shutdown, or out of budget. */
import { useState } from "react";
import { Link } from "wouter";
import type { Job } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { dayOf, upcoming } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { shuttingDownSoon } from "@/shared/providers";
import { Icon } from "@/shared/ui/icon";

/** The budget resets at 0:00 UTC. A job that skipped a provider for it has recorded that as the reason. */
const spentToday = (jobs: readonly Job[], today: Date) =>
  jobs.some(
    ({ created_at, fallbacks }) =>
      created_at.slice(0, 10) === today.toISOString().slice(0, 10) &&
      fallbacks.some(({ reason }) => reason === "over_budget"),
  );

export function ModelNotices({ jobs }: { jobs: readonly Job[] }) {
  const { t, tag } = useTranslation();
  const names = useNames();
  const config = useConfig();
  const [today] = useState(() => new Date());
  if (!config) return null;
  const broken = config.providers.some(({ state }) => state === "unavailable");
  const lines = [
    ...(config.budget.used_up || spentToday(jobs, today) ? [t.studio.budgetUsedUp] : []),
    ...config.providers
      .filter(({ state }) => state === "cooling" || state === "unavailable")
      .map(({ id, reason, until }) =>
        t.studio.modelPaused(
          names.provider(id),
          names.reason(reason ?? "breaker_open"),
          until ? upcoming(until, tag) : null,
        ),
      ),
    ...shuttingDownSoon(config).map(({ provider, ends }) =>
      t.studio.modelLeaves(names.provider(provider), dayOf(ends, tag)),
    ),
  ];
  if (lines.length === 0) return null;
  return (
    <div className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2.5 text-data">
      <Icon name="warning" className="mt-px text-warn" />
      <div className="min-w-0">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {broken && (
          <Link href="/settings" className="font-medium text-accent">
            {t.studio.seeSettings}
          </Link>
        )}
      </div>
    </div>
  );
}
