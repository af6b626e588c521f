import { QueryClient } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useTurnTitle } from "@/features/studio/components/history/turn-title";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";

const change = (field: string, from: unknown, to: unknown, label: string) =>
  ({ part: "framing", field, from, to, label }) as Schemas["PlanChange"];

function titleOf(job: Schemas["Job"], jobs: Schemas["Job"][] = []): string {
  const client = new QueryClient();
  const session = { id: job.session_id, jobs } as unknown as Schemas["Session"];
  client.setQueryData(sessionQuery(job.session_id).queryKey, session);
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  return renderHook(() => useTurnTitle(), { wrapper }).result.current(job);
}

const framed = {
  type: "refine",
  prompt: "",
  changes: [change("aspect", "1:1", "16:9", "Frame: 16:9")],
} as const;

test("a picture made again with another cut-out says so, and a retry of a failed one keeps its title", () => {
  const first = jobOf({ ...framed, changes: [...framed.changes], id: "job_1", status: "succeeded" });
  const again = { ...first, id: "job_2", retry_of: "job_1" };
  expect(titleOf(first, [first, again])).toBe("Frame: 16:9");
  expect(titleOf(again, [first, again])).toBe("Cut-out fixed");
  expect(titleOf(again, [{ ...first, status: "failed" }, again])).toBe("Frame: 16:9");
});

test("only a picture that follows another one is larger than before", () => {
  const sized = jobOf({
    type: "refine",
    prompt: "",
    changes: [change("fill", 0.72, 0.8, "Product: larger (80 %)")],
    id: "job_1",
    status: "succeeded",
  });
  expect(titleOf(sized)).toBe("Made larger by hand");
  expect(titleOf({ ...sized, type: "optimize" })).toBe("Placed by hand");
});
