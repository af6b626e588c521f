import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { ExportFoot } from "@/features/export/components/export-foot";
import { inPage } from "../../page";

type FootProps = Parameters<typeof ExportFoot>[0];

const preset = { id: "web-1080", formats: ["webp", "jpeg"] };
const props = (made: Partial<Schemas["Export"]>[]) =>
  ({
    config: { export_presets: [preset] },
    order: { ticked: new Set(["web-1080"]), fixable: new Map() },
    names: { areUsable: () => true },
    files: { made, missing: 0, isPending: false, error: null, haveFailed: false, make: () => undefined },
    options: {
      variant: {
        id: "var_1",
        model_used: "local/a",
        digital_source: "compositeSynthetic",
        measures: {},
        plan: { backdrop: { kind: "white" } },
      },
      label: null,
      onLabel: () => undefined,
    },
  }) as unknown as FootProps;

const foot = (made: Partial<Schemas["Export"]>[]) => inPage(<ExportFoot {...props(made)} />);

test("once the files are made, it is said that they are downloaded", () => {
  const { rerender } = render(foot([]));
  expect(screen.queryByText(/downloaded/)).toBeNull();
  rerender(foot([{ status: "ready" }, { status: "ready" }, { status: "failed" }]));
  expect(screen.getByRole("status")).toHaveTextContent("Done: 2 files downloaded");
});
