/** Usage of a month. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

/** `month` has the form `2026-11`. */
export const usageQuery = (month: string) => {
  const [from, to] = daysOf(month);
  return queryOptions({
    queryKey: ["usage", month],
    queryFn: ({ signal }) => unwrap(api.GET("/usage", { params: { query: { from, to } }, signal })),
  });
};

/** First and last day of a month. */
function daysOf(month: string): [string, string] {
  const [year = 1970, index = 1] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, index, 0)).getUTCDate();
  return [`${month}-01`, `${month}-${String(last).padStart(2, "0")}`];
}

/** The current month and earlier ones, newest first. */
export function monthsUntil(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, back) => {
    const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    return day.toISOString().slice(0, 7);
  });
}

export const thisMonth = (): string => monthsUntil(new Date(), 1)[0] ?? "";
