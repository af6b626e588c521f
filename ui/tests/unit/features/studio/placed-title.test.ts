import { expect, test } from "vitest";
import { placementsIn, withoutFigure } from "@/features/studio/placed-title";

const change = (field: string, from: unknown, to: unknown, part = "framing" as const) => ({
  part,
  field,
  from,
  to,
  label: "",
});

test("a turn by hand is called after what was done, not after the places that come with it", () => {
  const place = [change("x", 0.5, 0.62), change("y", null, 0.55)];
  expect(placementsIn(place)).toEqual(["moved"]);
  expect(placementsIn([change("x", 0.62, 0.5), change("y", 0.7, 0.5)])).toEqual(["centred"]);
  expect(placementsIn([...place, change("fill", 0.6, 0.8)])).toEqual(["larger"]);
  expect(placementsIn([...place, change("fill", 0.6, 0.4), change("rotation_deg", 0, 8)])).toEqual([
    "smaller",
    "turned",
  ]);
  expect(placementsIn([change("aspect", "1:1", "4:5")])).toBeNull();
  expect(placementsIn([])).toBeNull();
});

test("a label is shown without the figure at its end", () => {
  expect(withoutFigure("Brightness: brighter (+0.7 EV)")).toBe("Brightness: brighter");
  expect(withoutFigure("亮度：更亮（+0.35 EV）")).toBe("亮度：更亮");
  expect(withoutFigure("Frame: 16:9")).toBe("Frame: 16:9");
});
