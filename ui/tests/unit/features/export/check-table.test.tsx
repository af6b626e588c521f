import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { CheckTable } from "@/features/export/components/check-table";
import { SpeechIn, type Locale } from "@/shared/i18n/words";

const check = (rule: string, verdict: Schemas["Verdict"]) =>
  ({
    rule,
    verdict,
    title: { zh: rule, en: rule },
    measured: 1,
    limit: 1,
    facts: {},
    grade: null,
    source: "",
    checked_on: "2026-11-01",
    fix: null,
    note: null,
  }) as unknown as Schemas["Check"];

const heading = (locale: Locale, ...verdicts: Schemas["Verdict"][]) => {
  render(
    <SpeechIn locale={locale}>
      <CheckTable
        checks={verdicts.map((verdict, index) => check(`rule-${index}`, verdict))}
        stale={false}
        onFix={() => undefined}
      />
    </SpeechIn>,
  );
  return screen.getByRole("heading").textContent;
};

test("the heading of the checks says what is to fix and what needs a look", () => {
  expect(heading("en", "pass", "warn", "warn", "fail", "manual")).toBe(
    "4 rules measured, 1 to fix, 2 need a look",
  );
});

test("where amber rows stand, it does not say that nothing is to do", () => {
  expect(heading("zh", "pass", "warn")).toBe("2 项已测量，1 项要看一下");
});

test("where all is as it should be, it says so", () => {
  expect(heading("en", "pass", "pass")).toBe("2 rules measured, all pass");
});
