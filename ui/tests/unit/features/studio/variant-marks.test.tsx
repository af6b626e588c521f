import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { useWorst, VariantMarks } from "@/features/studio/components/variant-marks";
import { SpeechIn } from "@/shared/i18n/words";

const variant = (measures: Record<string, unknown>) =>
  ({ measures, plan: { asked: [] }, image: { width: 1000, height: 1000 } }) as unknown as Schemas["Variant"];

/** What the batch's review says of a picture; without a word it counts as checked. */
function Worst({ of }: { of: Schemas["Variant"] }) {
  return <output>{useWorst()(of) ?? "checked"}</output>;
}

test.each([
  [{ cut_sides: [] }, "checked"],
  [{ cut_sides: ["top"] }, "Cut by the photo's edge"],
  [{ coverage: 0 }, "No product found"],
  [{ edge_confidence: 0.6 }, "Edges 60%"],
  [{ edge_confidence: 0.97, certain: false }, "Edges 97%"],
])("a batch does not pass a doubtful cut-out by itself: %o", (measures, words) => {
  const shown = variant({ coverage: 0.3, edge_confidence: 0.95, quality: 0.97, ...measures });
  const { container } = render(
    <SpeechIn locale="en">
      <Worst of={shown} />
      <VariantMarks variant={shown} />
    </SpeechIn>,
  );
  expect(screen.getByRole("status")).toHaveTextContent(words);
  const ticks = container.querySelectorAll("li > .icon.text-ink-3").length;
  expect(ticks > 0).toBe(words === "checked");
});
