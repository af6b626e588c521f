import { expect, it } from "vitest";
import { measuredOf } from "@/features/studio/measured";
import { enStudio } from "@/shared/i18n/messages/en/studio";
import { zhStudio } from "@/shared/i18n/messages/zh/studio";

const nothing = { lighting: {}, perspective: {}, color_tone: {}, wishes: [] };

it("what was measured surely is told", () => {
  const context = {
    ...nothing,
    lighting: { azimuth_deg: -41.2, confidence: { azimuth_deg: 0.83 } },
    color_tone: { kelvin: 5826, confidence: { kelvin: 0.66 } },
    perspective: { pitch_deg: 22.4, confidence: { pitch_deg: 0.51 } },
  };
  expect(measuredOf(context, enStudio.measured, 0.5)).toEqual([
    "Light from the left",
    "Colour temperature 5800 K",
    "Seen from 22° above",
  ]);
  expect(measuredOf(context, zhStudio.measured, 0.5)[0]).toBe("光从左边来");
});

it("what the photo does not tell for sure is left out", () => {
  const context = { ...nothing, lighting: { azimuth_deg: -30, confidence: { azimuth_deg: 0.2 } } };
  expect(measuredOf(context, enStudio.measured, 0.5)).toEqual([]);
});

it("a figure whose confidence was not noted is told too", () => {
  expect(measuredOf({ ...nothing, lighting: { azimuth_deg: 3 } }, enStudio.measured, 0.5)).toEqual([
    "Light from the front",
  ]);
});
