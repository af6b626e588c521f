import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { CheckList } from "@/features/export/components/check-list";
import { type Locale } from "@/shared/i18n/translation";
import { inPage } from "../../page";

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
    inPage(
      <CheckList
        checks={verdicts.map((verdict, index) => check(`rule-${index}`, verdict))}
        stale={false}
        fixed={[]}
        onFix={() => undefined}
        onUndo={() => undefined}
      />,
      { locale },
    ),
  );
  return screen.getByRole("heading", { level: 3 }).textContent;
};

test("the heading of the checks counts what is to fix and what needs a look, as the groups below it do", () => {
  expect(heading("en", "pass", "warn", "warn", "fail", "manual")).toBe("5 rules, 1 to fix, 3 to check");
});

test("where amber rows stand, it does not say that nothing is to do", () => {
  expect(heading("zh", "pass", "warn")).toBe("共 2 项，1 项要看一下");
});

test("where all is as it should be, it says so", () => {
  expect(heading("en", "pass", "pass")).toBe("2 rules, all pass");
});

test("one press fixes all that can be fixed, and one takes it back; what passes is folded away", async () => {
  const [onFix, onUndo] = [vi.fn(), vi.fn()];
  const fix = (id: string) => ({ id, kind: "export", label: { zh: id, en: id } });
  const failing = { ...check("center", "fail"), fix: fix("center") };
  const doubtful = { ...check("shadow", "warn"), fix: fix("remove_shadow") };
  render(
    inPage(
      <CheckList
        checks={
          [failing, doubtful, check("look", "manual"), check("fine", "pass")] as unknown as Schemas["Check"][]
        }
        stale={false}
        fixed={["white_ground"] as never}
        onFix={onFix}
        onUndo={onUndo}
      />,
    ),
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Fix all 2" }));
  expect(onFix).toHaveBeenLastCalledWith(["center", "remove_shadow"]);
  await user.click(screen.getByRole("button", { name: "Undo the fix" }));
  expect(onUndo).toHaveBeenCalledOnce();
  expect(screen.queryByText("fine")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Passed (1)" }));
  expect(screen.getByText("fine")).toBeInTheDocument();
});

test("a figure that is fine but measured on a doubtful cut-out says why it needs a look", () => {
  heading("en", "manual", "pass");
  expect(screen.getAllByText("The cut-out may be wrong, so check by eye")).toHaveLength(1);
});
