import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { VersionRail } from "@/features/studio/components/history/version-rail";
import { LocaleProvider } from "@/shared/i18n/translation";

const picture = (number: string) => ({ key: number, number, src: "/thumb", adopted: false });

test("the version rail is one tab stop, at the picture on the stage, and arrow keys move in it", async () => {
  Element.prototype.scrollIntoView = () => undefined;
  const pick = vi.fn();
  const rows = [
    { chosen: picture("Photo"), siblings: [] },
    { chosen: picture("1.1"), siblings: [picture("1.2")] },
    { chosen: picture("2.1"), siblings: [] },
  ];
  render(
    <LocaleProvider locale="en">
      <VersionRail rows={rows} selected="1.1" onSelect={pick} />
      <button type="button">next</button>
    </LocaleProvider>,
  );
  const user = userEvent.setup();
  await user.tab();
  expect(screen.getByRole("button", { name: "1.1" })).toHaveFocus();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(pick).toHaveBeenCalledExactlyOnceWith("2.1");
  await user.tab();
  expect(screen.getByRole("button", { name: "next" })).toHaveFocus();
});
