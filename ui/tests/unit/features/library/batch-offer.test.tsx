import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { BatchOffer } from "@/features/library/components/batch-offer";
import type { UploadRow } from "@/shared/photos/upload-row";
import { inPage } from "../../page";

const nothing = () => undefined;
const offer = (...states: string[]) =>
  inPage(
    <BatchOffer
      rows={states.map((state) => ({ state, session: state === "done" ? {} : null }) as UploadRow)}
      onBatch={nothing}
      onDismiss={nothing}
    />,
  );

test("the offer of a batch holds its place while the photos are on their way", () => {
  const { rerender } = render(offer("sending", "waiting"));
  const place = screen.getByRole("status");
  expect(place).toHaveTextContent("Adding photos");
  expect(screen.getByRole("button", { name: "Process as a batch" })).toBeDisabled();
  rerender(offer("done", "done"));
  expect(screen.getByRole("status")).toBe(place);
  expect(place).toHaveTextContent("2 photos are now separate products.");
  expect(screen.getByRole("button", { name: "Process as a batch" })).toBeEnabled();
  rerender(offer("sending"));
  expect(screen.queryByRole("status")).toBeNull();
});
