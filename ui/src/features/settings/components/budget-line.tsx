/** Remaining budget of today; hidden when no limit is set. */
import type { Schemas } from "@/api/client";
import { dollars, timeOfDay } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";

export function BudgetLine({ budget }: { budget: Schemas["Budget"] }) {
  const { t, tag } = useTranslation();
  if (budget.limit_usd === null) return null;
  const share = budget.limit_usd === 0 ? 1 : Math.min(1, budget.spent_usd / budget.limit_usd);
  const resets = timeOfDay(budget.resets_at, tag);
  return (
    <div className="py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">{t.settings.budget}</span>
        <span className="text-data">
          {t.settings.budgetSpent(dollars(budget.spent_usd), dollars(budget.limit_usd))}
        </span>
      </p>
      <span className="mt-1.5 block h-[3px] bg-line" aria-hidden="true">
        <span
          className={`block h-full origin-left ${budget.used_up ? "bg-warn" : "bg-accent"}`}
          style={{ transform: `scaleX(${share})` }}
        />
      </span>
      <p className={`pt-1.5 text-data ${budget.used_up ? "text-warn" : "text-ink-2"}`}>
        {budget.used_up ? t.settings.budgetUsedUp(resets) : t.settings.budgetResets(resets)}
      </p>
    </div>
  );
}
