import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { MatteFoot } from "@/features/studio/matte/matte-foot";
import { isNothing, solidShare } from "@/features/studio/matte/emptiness";
import { SpeechIn, type Locale } from "@/shared/i18n/words";

// The browser of these tests knows no modal dialogs.
vi.mock("@/shared/ui/dialog", () => ({
  Dialog: ({ title, children }: { title: string; children: ReactNode }) => (
    <div role="dialog" aria-label={title}>
      {children}
    </div>
  ),
}));

/** As a canvas gives them: a matte is grey, so that red says it all. */
const pixels = (...greys: number[]) =>
  Uint8ClampedArray.from(greys.flatMap((grey) => [grey, grey, grey, 255]));

const open = (locale: Locale, share: number | null) => {
  const save = vi.fn();
  const foot = (
    <SpeechIn locale={locale}>
      <QueryClientProvider client={new QueryClient()}>
        <MatteFoot
          corrected={false}
          changed
          busy={share === null}
          saving={false}
          share={share}
          redoes="1.2"
          price={null}
          error={null}
          onSave={save}
          onReset={() => undefined}
          onClose={() => undefined}
        />
      </QueryClientProvider>
    </SpeechIn>
  );
  return { ...render(foot), save };
};
const user = userEvent.setup();

test("a cut-out holds nothing when hardly any of its pixels are solid", () => {
  expect(solidShare(pixels(0, 10, 127, 128))).toBe(0.25);
  expect(isNothing(solidShare(pixels(0, 0, 90, 20)))).toBe(true);
  expect(isNothing(0.0029)).toBe(true);
  expect(isNothing(0.003)).toBe(false);
});

test.each([
  ["en", "Use this cut-out", "No product is cut out", "Use it anyway", "Keep fixing"],
  ["zh", "用这个抠图", "没有抠到产品", "仍然使用", "继续修"],
] as const)(
  "a cut-out without a product is used only after a question (%s)",
  async (locale, use, asks, anyway, back) => {
    const { save } = open(locale, 0);
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
  const { save } = open("en", 0.2);
  expect(screen.getByText(/Picture 1\.2 is made again with it/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Use this cut-out" }));
  expect(save).toHaveBeenCalledOnce();
});

test("nothing is used before it is known what is cut out", () => {
  open("en", null);
  expect(screen.getByRole("button", { name: "Use this cut-out" })).toBeDisabled();
});
