import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Session } from "@/api/client";
import { useLibraryChanges } from "@/features/library/queries";
import { DRAFT } from "@/shared/photos/photo-store";
import { useOutbox } from "@/shared/photos/use-outbox";
import { inPage } from "../../page";
import { serve } from "../../server";

test("a deleted product leaves the draft of a batch", async () => {
  serve(({ call }) =>
    call.startsWith("DELETE") ? new Response(null, { status: 204 }) : { items: [], next_cursor: null },
  );
  const { result } = renderHook(() => ({ ...useLibraryChanges(), ...useOutbox(DRAFT) }), {
    wrapper: ({ children }) => inPage(children),
  });
  const product = (id: string) =>
    ({ id, title: id, image: { id: `ast_${id}`, thumbnail_url: "/t" } }) as Session;
  act(() => result.current.outbox.addProducts([product("ses_1"), product("ses_2")]));
  result.current.remove.mutate("ses_1");
  await waitFor(() => expect(result.current.rows.map(({ task }) => task.sessionId)).toEqual(["ses_2"]));
});
