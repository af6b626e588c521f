import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { LocaleProvider } from "@/shared/i18n/translation";
import { CallProblem } from "@/shared/ui/call-problem";

const shown = (call: { isPending: boolean; failureCount: number }) =>
  render(
    <LocaleProvider locale="en">
      <QueryClientProvider client={new QueryClient()}>
        <CallProblem error={null} call={call} />
      </QueryClientProvider>
    </LocaleProvider>,
  );

test("a call that is repeated because it failed says so, and one on its first way does not", () => {
  shown({ isPending: true, failureCount: 0 }).unmount();
  expect(screen.queryByRole("status")).toBeNull();
  shown({ isPending: true, failureCount: 1 });
  expect(screen.getByRole("status")).toHaveTextContent("trying again");
});
