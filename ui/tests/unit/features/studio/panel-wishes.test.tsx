import { fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, test } from "vitest";
import type { Session, Variant } from "@/api/client";
import { emptyFeed } from "@/api/feed";
import { StudioPanel } from "@/features/studio/components/studio-panel";
import { useRuns } from "@/features/studio/hooks/use-runs";
import { useSelection } from "@/features/studio/hooks/use-selection";
import { turnsOf } from "@/features/studio/turns";
import { jobOf } from "../../jobs";
import { cacheWith, inPage } from "../../page";
import { serve } from "../../server";
import { inStudio } from "./studio";

// The browser of the tests does not scroll.
const nothing = () => undefined;
Object.assign(Element.prototype, { scrollTo: nothing, scrollIntoView: nothing });

const picture = (n: number) =>
  ({
    ...{
      id: `var_${n}`,
      job_id: `job_${n}`,
      session_id: "ses_1",
      role: "candidate",
      ordinal: 1,
      adopted: false,
    },
    ...{ parent_id: null, model_used: "local/stillroom", measures: {}, created_at: "2026-11-01T00:00:00Z" },
    image: { url: "/p", thumbnail_url: "/t", width: 10, height: 10 },
    plan: { backdrop: { kind: "white" }, framing: { aspect: "1:1" } },
  }) as unknown as Variant;

const sessionOf = (...numbers: number[]) =>
  ({
    ...{ id: "ses_1", title: "Mug", platform: null, product: { name: null, materials: [], seen_by: null } },
    context: { wishes: [], paths: {}, lighting: { azimuth_deg: 60 }, perspective: {}, color_tone: {} },
    image: { id: "ast_1", url: "/p", thumbnail_url: "/t" },
    variants: numbers.map(picture),
    jobs: numbers.map((n) =>
      jobOf({
        id: `job_${n}`,
        status: "succeeded",
        prompt: "",
        changes: [],
        created_at: `2026-11-0${n}T00:00:00Z`,
        variants: [picture(n)],
      }),
    ),
  }) as unknown as Session;

function Panel({ session }: { session: Session }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const turns = turnsOf(session);
  const selection = useSelection(turns);
  return inStudio(
    { session, turns, selection, runs: useRuns("ses_1"), field, feedOf: () => emptyFeed },
    <StudioPanel onTry={nothing} preview={null} banner={null} bannered={null} />,
  );
}

test("a wish that is being typed stays while another picture comes onto the stage", () => {
  serve(() => new Promise(() => undefined));
  const client = cacheWith({
    ...{ limits: { max_prompt_characters: 500 }, providers: [], capability_map: { refine: [] }, phrases: {} },
    ...{
      budget: { used_up: false },
      errors: [],
      prompt_templates: [],
      templates: [],
      features: {},
      reader: null,
      platforms: [],
    },
    marks: { sure: 0.5, most: {}, least: {} },
  });
  const { rerender } = render(inPage(<Panel session={sessionOf(1)} />, { client }));
  fireEvent.click(screen.getByRole("button", { name: "Add a request" }));
  const label = "What every step should keep";
  fireEvent.change(screen.getByLabelText(label), { target: { value: "no props" } });
  rerender(inPage(<Panel session={sessionOf(1, 2)} />, { client }));
  expect(screen.getByLabelText(label)).toHaveValue("no props");
});
