import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { Versions } from "@/features/studio/components/history/versions";
import type { Turn } from "@/features/studio/turns";
import { inStudio } from "./studio";
import { inPage } from "../../page";

const image = { thumbnail_url: "/thumb" };
const session = { image } as Schemas["Session"];
const picture = (job: number, ordinal: number) =>
  ({ id: `${job}.${ordinal}`, job_id: `${job}`, role: "candidate", ordinal, image }) as Schemas["Variant"];
const turn = (number: number, ...variants: Schemas["Variant"][]) =>
  ({ number, job: { id: `${number}` }, variants }) as unknown as Turn;

test("the version rail is one tab stop, at the picture on the stage, and arrow keys move in it", async () => {
  Element.prototype.scrollIntoView = () => undefined;
  const pick = vi.fn();
  const first = picture(1, 1);
  const turns = [turn(1, first, picture(1, 2)), turn(2, picture(2, 1))];
  render(
    inPage(
      <>
        {inStudio({ session, turns, selection: { variant: first, pick } }, <Versions onTree={vi.fn()} />)}
        <button type="button">next</button>
      </>,
    ),
  );
  const user = userEvent.setup();
  await user.tab();
  await user.tab();
  expect(screen.getByRole("button", { name: "1.1" })).toHaveFocus();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(pick).toHaveBeenCalledExactlyOnceWith("2.1");
  await user.tab();
  expect(screen.getByRole("button", { name: "next" })).toHaveFocus();
});
