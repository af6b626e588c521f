import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Variant } from "@/api/client";
import { StudioLayers, type Layer } from "@/features/studio/components/studio-layers";
import type { Turn } from "@/features/studio/turns";
import { jobOf } from "../../jobs";
import { cacheWith, inPage } from "../../page";
import { inStudio } from "./studio";

const variants = [1, 2].map(
  (ordinal) =>
    ({ id: `var_${ordinal}`, job_id: "job_1", role: "candidate", ordinal, model_used: "local/x" }) as Variant,
);
const turns: Turn[] = [{ number: 1, job: jobOf({ status: "running" }), variants, active: true }];
const client = cacheWith({ providers: [], capability_map: { optimize: [] } });

const layers = (layer: Layer, shown: Variant | undefined) =>
  inPage(
    inStudio(
      { turns, selection: { variant: shown ?? null } },
      <StudioLayers
        layer={layer}
        renderExport={({ variant, number }) => <output>{`${variant.id} ${number}`}</output>}
        renderCutout={() => null}
        onLayer={() => undefined}
      />,
    ),
    { client },
  );

test("an open export keeps its picture when another one comes onto the stage", () => {
  const { rerender } = render(layers(null, variants[0]));
  rerender(layers("export", variants[0]));
  rerender(layers("export", variants[1]));
  expect(screen.getByText("var_1 1.1")).toBeVisible();
  rerender(layers(null, variants[1]));
  rerender(layers("export", variants[1]));
  expect(screen.getByText("var_2 1.2")).toBeVisible();
});
