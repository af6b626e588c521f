import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { MatteFoot } from "@/features/cutout/matte-foot";
import { type Locale } from "@/shared/i18n/translation";
import { inPage } from "../../page";

const open = (locale: Locale, notices: readonly string[] | null) => {
  const save = vi.fn();
  const foot = inPage(
    <MatteFoot
      corrected={false}
      changed
      busy={notices === null}
      saving={false}
      notices={notices}
      redoes="1.2"
      price={null}
      error={null}
      onSave={save}
      onReset={() => undefined}
      onClose={() => undefined}
    />,
    { locale },
  );
  return { ...render(foot), save };
};
const user = userEvent.setup();

test.each([
  ["en", "Use this cut-out", "No product is cut out", "Use it anyway", "Keep fixing"],
  ["zh", "用这个抠图", "没有抠到产品", "仍然使用", "继续修"],
] as const)(
  "a cut-out without a product is used only after a question (%s)",
  async (locale, use, asks, anyway, back) => {
    const { save } = open(locale, ["NO_PRODUCT_FOUND"]);
    await user.click(screen.getByText(use));
    const question = screen.getByRole("dialog", { name: asks });
    expect(save).not.toHaveBeenCalled();
    await user.click(within(question).getByText(back));
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.click(screen.getByText(use));
    await user.click(screen.getByText(anyway));
    expect(save).toHaveBeenCalledOnce();
  },
);

test("a cut-out with a product is used at once, and it is said which picture is made again", async () => {
  const { save } = open("en", []);
  expect(screen.getByText(/Picture 1\.2 is made again with it/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Use this cut-out" }));
  expect(save).toHaveBeenCalledOnce();
});

test("nothing is used before it is known what is cut out", () => {
  open("en", null);
  expect(screen.getByRole("button", { name: "Use this cut-out" })).toBeDisabled();
});

test("a cut-out that takes long says that the machine is busy", () => {
  vi.useFakeTimers();
  open("en", null);
  expect(screen.getByRole("status")).not.toHaveTextContent("machine is busy");
  act(() => {
    vi.advanceTimersByTime(5_000);
  });
  expect(screen.getByRole("status")).toHaveTextContent("the machine is busy");
});
