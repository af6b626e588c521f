import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { RatioMenu } from "@/features/studio/components/ratio-menu";
import type { Runs } from "@/features/studio/hooks/use-runs";
import type { Turn } from "@/features/studio/turns";
import { inPage } from "../../page";
import { inStudio } from "./studio";

const variant = {
  id: "var_1",
  measures: {},
  plan: { framing: { aspect: "3:4" } },
} as unknown as Schemas["Variant"];

function show({ active = false, measures = {} }) {
  const mutate = vi.fn<(order: unknown, on: { onSuccess: (job: { id: string }) => void }) => void>();
  const begin = vi.fn();
  const arrange = { mutate, isPending: false, data: { id: "job_2" } } as unknown as Runs["arrange"];
  const turns = [{ job: { id: "job_2" }, active }] as Turn[];
  const selection = { variant: { ...variant, measures }, begin };
  render(inPage(inStudio({ turns, selection, runs: { arrange } }, <RatioMenu />)));
  return { mutate, begin };
}
const item = (name: string) => screen.getByRole("menuitemradio", { name, hidden: true });

test("another ratio is one turn made by hand from the picture shown; the present one is none", async () => {
  const { mutate, begin } = show({});
  expect(screen.getByRole("button", { name: "Frame: 3:4 portrait" })).toHaveTextContent("3:4");
  expect(item("3:4 portrait")).toBeChecked();
  await userEvent.click(item("3:4 portrait"));
  expect(mutate).not.toHaveBeenCalled();
  await userEvent.click(item("As the photo"));
  expect(mutate).toHaveBeenCalledOnce();
  const [order, on] = mutate.mock.calls[0] ?? [];
  expect(order).toMatchObject({ order: { base: variant, changes: { framing: { aspect: "photo" } } } });
  on?.onSuccess({ id: "job_3" });
  expect(begin).toHaveBeenCalledWith("job_3");
});

test("while the last change by hand is made, no other ratio can be chosen", () => {
  show({ active: true });
  expect(item("1:1 square")).toBeDisabled();
});

test("a picture that a model painted has no ratio to choose", () => {
  show({ measures: { scene: "painted" } });
  expect(screen.queryByRole("button")).toBeNull();
});
