import { QueryClient } from "@tanstack/react-query";
import { render, renderHook, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { ArchiveLink } from "@/features/export/components/exported-files";
import { exportsQuery, pressExport, useExport } from "@/features/export/queries";
import { countExports } from "@/features/library/queries";
import { serve } from "../../server";
import { inPage } from "../../page";

const file = (id: string, status: Schemas["Export"]["status"]) => ({ id, status }) as Schemas["Export"];
const noFile = { items: [], next_cursor: null };

test("a file that is deleted while it is made ends as failed, and the others stay", async () => {
  const asked = serve(({ call }) =>
    call.startsWith("POST") ? { exports: [file("exp_1", "pending"), file("exp_2", "ready")] } : noFile,
  );
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  const onWait = vi.fn();
  const on = { before: () => Promise.resolve(), onWait, onMade: () => undefined, onError: () => undefined };
  const { result } = renderHook(() => useExport("var_1", on), { wrapper });
  result.current.mutate({ batches: pressExport(new Map([["web-1080", []]])), label: null, names: {} });
  await vi.waitFor(
    () => expect(result.current.data?.map(({ status }) => status)).toEqual(["failed", "ready"]),
    { timeout: 5000 },
  );
  expect(onWait.mock.calls).toEqual([[1], [0]]);
  expect(asked.map(({ call }) => call)).toContain("GET /export");
});

test("all earlier exports are listed and counted, also those on later pages", async () => {
  serve(({ query }) =>
    query.cursor === "next"
      ? { items: [file("exp_2", "ready")], next_cursor: null }
      : { items: [file("exp_1", "ready")], next_cursor: "next" },
  );
  const listed = await new QueryClient().query(exportsQuery("var_1"));
  expect(listed.map(({ id }) => id)).toEqual(["exp_1", "exp_2"]);
  const session = { variants: [{ id: "var_1" }, { id: "var_2" }] } as Schemas["Session"];
  expect(await countExports(session)).toBe(4);
});

test("an archive holds no more files than the server packs", () => {
  const files = Array.from({ length: 201 }, (_, at) => file(`exp_${at}`, "ready"));
  render(inPage(<ArchiveLink files={files} />));
  const link = screen.getByRole("link", { name: "All 200 as one archive" });
  expect(link.getAttribute("href")?.split(",")).toHaveLength(200);
});
