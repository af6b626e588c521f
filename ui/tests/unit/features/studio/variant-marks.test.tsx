import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { MatteNotice } from "@/features/studio/components/notices/matte-notice";
import { Marks } from "@/features/studio/components/facts/marks";
import { marksOf } from "@/features/studio/marks";
import { useWorst, VariantMarks } from "@/features/studio/components/facts/variant-marks";
import { inStudio } from "./studio";
import { limits } from "./limits";
import { cacheWith, inPage } from "../../page";

const variant = (measures: Record<string, unknown>) =>
  ({ measures, plan: { asked: [] }, image: { width: 1000, height: 1000 } }) as unknown as Schemas["Variant"];

/** What the batch's review says of a picture; without a word it counts as checked. */
function Worst({ of }: { of: Schemas["Variant"] }) {
  return <output>{useWorst()(of) ?? "checked"}</output>;
}

test.each([
  [{ needs_review: false, matte_doubts: [], cut_sides: [] }, "checked"],
  [{ needs_review: true, cut_sides: ["top"] }, "Part of the product is cut off"],
  [{ needs_review: true, matte_doubts: ["not_found"] }, "No product found"],
  [{ needs_review: true, matte_doubts: ["looks_differ"] }, "The cut-out is not certain"],
  [{ needs_review: true, matte_doubts: ["soft"] }, "The edge is too soft to be sure of"],
  [{ needs_review: true, matte_doubts: ["leaves_crop"] }, "Part of the product may be missing"],
  [{ needs_review: true, matte_doubts: ["no_network"] }, "Cut out by colour alone"],
  [{ needs_review: true, matte_doubts: ["of a later release"] }, "The cut-out may be wrong"],
])("a batch does not pass a doubtful cut-out by itself: %o", (measures, words) => {
  const shown = variant({ coverage: 0.3, edge_confidence: 0.95, quality: 0.97, ...measures });
  const client = cacheWith({
    marks: limits,
    features: { matte_correction: true },
  });
  const { container } = render(
    inPage(
      <>
        <Worst of={shown} />
        <VariantMarks variant={shown} />
        {inStudio({ session: { id: "ses_1" }, selection: { variant: shown } }, <MatteNotice />)}
        <section>
          <Marks besideNotice marks={marksOf(shown, limits)} />
        </section>
      </>,
      { client },
    ),
  );
  expect(screen.getByRole("status")).toHaveTextContent(words);
  const ticks = container.querySelectorAll("li > .icon.text-ink-3").length;
  expect(ticks > 0).toBe(words === "checked");
  // In the studio it is said once: with the button that helps, or else where the picture's marks are.
  const isHelped = screen.queryByRole("button", { name: /Fix the cut-out/ }) !== null;
  const isMarked = container.querySelector("section li.text-warn") !== null;
  expect([isHelped, isMarked].filter(Boolean)).toHaveLength(words === "checked" ? 0 : 1);
});
