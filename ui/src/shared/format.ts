/** Formatting of numbers, sizes, times and money. */

/** `1.3 MB`, in steps of 1000 as marketplaces count. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${Math.round(n / 1000)} KB`;
  const mega = n / 1_000_000;
  return `${mega < 10 ? mega.toFixed(1) : Math.round(mega)} MB`;
}

/** Name of a file format: `JPEG`, `WebP`. */
export const formatName = (format: string) => (format === "webp" ? "WebP" : format.toUpperCase());

/** `0.9 s` below ten seconds, `14 s` above, `2 min 5 s` from two minutes on. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  const whole = Math.round(s);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `$0.12`. Amounts below a cent keep their first significant digit, because "$0.00" would read as free. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return `$${usd.toPrecision(1)}`;
  return `$${usd.toFixed(2)}`;
}

/** `00:14`, elapsed time. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}

/** A number without trailing zeros: `0.4`, `12`. */
export function figure(n: number, digits = 1): string {
  return String(Number(n.toFixed(Math.abs(n) >= 10 ? 0 : digits)));
}

/** The first characters of a text, counted as the server counts them. An emoji is never cut in half. */
export const shortened = (text: string, most: number): string => Array.from(text).slice(0, most).join("");

/** A past moment: time of day today, then the weekday, then the date. */
export function ago(
  iso: string,
  tag: string,
  words: { now: string; yesterday: string },
  now = Date.now(),
): string {
  const then = new Date(iso);
  const minutes = Math.floor((now - then.getTime()) / 60_000);
  if (minutes < 1) return words.now;
  const relative = new Intl.RelativeTimeFormat(tag, { style: "short" });
  if (minutes < 60) return relative.format(-minutes, "minute");
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (then.getTime() >= midnight) return relative.format(-Math.floor(minutes / 60), "hour");
  // By the calendar, because a day has 23 or 25 hours when clocks change.
  const midnightBefore = (days: number) => {
    const day = new Date(midnight);
    return day.setDate(day.getDate() - days);
  };
  if (then.getTime() >= midnightBefore(1)) return words.yesterday;
  if (then.getTime() >= midnightBefore(6))
    return new Intl.DateTimeFormat(tag, { weekday: "long" }).format(then);
  return new Intl.DateTimeFormat(tag, { dateStyle: "medium" }).format(then);
}

/** A date without time of day in the page's language. */
export const dayOf = (date: string, tag: string): string =>
  new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));

/** A moment to come in the page's language: `2:05 PM` today, `Dec 2, 2:05 PM` on another day. */
export function upcoming(iso: string, tag: string, now = new Date()): string {
  const then = new Date(iso);
  const isToday = then.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ month: "short", day: "numeric" } as const);
  return new Intl.DateTimeFormat(tag, { ...day, hour: "numeric", minute: "2-digit" }).format(then);
}
