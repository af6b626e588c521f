import { expect, it, vi } from "vitest";
import { ago, bytes, clock, dollars, seconds, upcoming } from "@/shared/format";

it.each([
  [999, "999 B"],
  [142_300, "142 KB"],
  [1_310_000, "1.3 MB"],
  [31_457_280, "31 MB"],
])("%d bytes read %s", (n, text) => expect(bytes(n)).toBe(text));

it.each([
  [900, "0.9 s"],
  [9_960, "10 s"],
  [14_200, "14 s"],
  [119_700, "2 min 0 s"],
  [125_000, "2 min 5 s"],
  [179_700, "3 min 0 s"],
])("%d ms read %s", (ms, text) => expect(seconds(ms)).toBe(text));

it("an amount below a cent is not shown as nothing", () => {
  expect(dollars(0.004)).toBe("$0.004");
  expect(dollars(0)).toBe("$0.00");
  expect(dollars(0.12)).toBe("$0.12");
});

it("time since a job began never runs backwards", () => {
  expect(clock(71_000)).toBe("01:11");
  expect(clock(-5)).toBe("00:00");
});

it("days are named by the calendar, not by spans of 24 hours", () => {
  const words = { now: "just now", yesterday: "yesterday" };
  const now = new Date(2026, 10, 24, 0, 30).getTime();
  expect(ago(new Date(2026, 10, 23, 22, 0).toISOString(), "en", words, now)).toBe("yesterday");
  expect(ago(new Date(2026, 10, 24, 0, 29, 40).toISOString(), "en", words, now)).toBe("just now");
  expect(ago(new Date(2026, 10, 21, 12, 0).toISOString(), "en", words, now)).toBe("Saturday");
});

it.each([
  ["2026-10-25T00:30:00+02:00", "2026-10-26T10:00:00+01:00", "yesterday"],
  ["2026-03-28T23:30:00+01:00", "2026-03-30T10:00:00+02:00", "Saturday"],
])("%s is named by the calendar at %s, though the clocks changed between", (then, now, text) => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const words = { now: "just now", yesterday: "yesterday" };
  expect(ago(then, "en", words, Date.parse(now))).toBe(text);
  vi.unstubAllEnvs();
});

it("a moment to come is told with its day unless that is today", () => {
  const now = new Date(2026, 11, 1, 20, 18);
  const [later, nextDay] = [new Date(2026, 11, 1, 21, 5), new Date(2026, 11, 2, 8, 5)];
  expect(upcoming(later.toISOString(), "en", now)).toMatch(/^9:05\sPM$/);
  expect(upcoming(nextDay.toISOString(), "en", now)).toMatch(/^Dec 2, 8:05\sAM$/);
  expect(upcoming(later.toISOString(), "zh-CN", now)).toBe("21:05");
  expect(upcoming(nextDay.toISOString(), "zh-CN", now)).toBe("12月2日 8:05");
});
