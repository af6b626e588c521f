import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { CallProblem } from "@/shared/ui/call-problem";
import { inPage } from "../page";

const shown = (call: { isPending: boolean; failureCount: number }) =>
  render(inPage(<CallProblem error={null} call={call} />));

test("a call that is repeated because it failed says so, and one on its first way does not", () => {
  shown({ isPending: true, failureCount: 0 }).unmount();
  expect(screen.queryByRole("status")).toBeNull();
  shown({ isPending: true, failureCount: 1 });
  expect(screen.getByRole("status")).toHaveTextContent("trying again");
});
