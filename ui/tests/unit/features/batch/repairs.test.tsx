import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Schemas, Variant } from "@/api/client";
import { useRepairs } from "@/features/batch/hooks/use-repairs";
import { Source } from "../../event-source";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";
import { serve } from "../../server";

const item = { id: "itm_1", session_id: "ses_1" } as Schemas["BatchItem"];
const other = { id: "itm_2", session_id: "ses_2" } as Schemas["BatchItem"];
const variants = [{ id: "var_2", role: "candidate" } as Variant];

beforeEach(() => {
  vi.stubGlobal("EventSource", Source);
  Source.all = [];
});

function batch(items: Schemas["BatchItem"][], made: string[]) {
  return renderHook(() => useRepairs(items, ({ id }, variantId) => made.push(`${id} ${variantId}`)), {
    wrapper: ({ children }) => inPage(children),
  });
}

test("a repaired picture reaches its batch when the page of the batch is opened again", async () => {
  serve(() => jobOf({ id: "job_1", status: "succeeded", variants }));
  const made: string[] = [];
  const { result, unmount } = batch([item], made);
  act(() => result.current.follow(item, jobOf({ id: "job_1", status: "queued" })));
  expect(result.current.isUnderWay(item)).toBe(true);
  unmount();
  Source.all = [];

  batch([other], made);
  expect(Source.all).toEqual([]);
  const again = batch([item], made).result;
  expect(again.current.isUnderWay(item)).toBe(true);
  Source.all[0]?.fail(true);
  await vi.waitFor(() => expect(made).toEqual(["itm_1 var_2"]));
  expect(again.current.isUnderWay(item)).toBe(false);
});
