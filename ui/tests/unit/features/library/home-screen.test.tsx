import { render, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { HomeScreen } from "@/features/library";
import { cacheWith, inPage } from "../../page";
import { serve } from "../../server";

test("the number of products is remembered for the next visit, after the screen has rendered", async () => {
  const complained = vi.spyOn(console, "error");
  serve(() => ({ items: [], next_cursor: null }));
  const client = cacheWith({ providers: [], platforms: [], limits: { max_upload_bytes: 1 } });
  render(inPage(<HomeScreen prefetch={() => undefined} />, { client }));
  await waitFor(() => expect(localStorage.getItem("stillroom.library-count")).toBe("0"));
  expect(complained).not.toHaveBeenCalled();
});
