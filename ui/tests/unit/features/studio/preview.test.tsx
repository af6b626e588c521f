import { QueryClient } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { usePreview, type Part } from "@/features/studio/placing/use-preview";
import { problem } from "../../problem";
import { inPage } from "../../page";
import { serve } from "../../server";
import { pictureAnswer } from "./picture-answer";

const variant = { id: "var_1", session_id: "ses_1" } as Schemas["Variant"];

/** Content of a data URL. */
const contentOf = (url: string | null) => url && atob(url.replace(/^data:.*,/, ""));

type Asked = { x: number; parts: Part[] };

function Preview({ asked }: { asked: Asked | null }) {
  const { picture, isCurrent, surroundings } = usePreview(
    asked && { variant, changes: { framing: { x: asked.x } }, parts: asked.parts },
  );
  return (
    <output>{`${contentOf(picture) ?? "no picture"}, ${isCurrent ? "current" : "late"}, ${contentOf(surroundings) ?? "nothing"}`}</output>
  );
}

function setUp() {
  const waiting: ((answer: Response) => void)[] = [];
  const asked = serve(() => new Promise((resolve) => waiting.push(resolve)));
  const client = new QueryClient();
  const at = (x: number | null, parts: Part[] = ["picture"]) =>
    inPage(<Preview asked={x === null ? null : { x, parts }} />, { client });
  const answer = (index: number, response: Response) => act(() => waiting[index]?.(response));
  const asks = (count: number) => vi.waitFor(() => expect(waiting).toHaveLength(count));
  const shows = (text: string) =>
    vi.waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(text));
  return { asked, at, answer, asks, shows };
}

test("one preview is asked for at a time, the latest place wins, and a refusal takes the old one away", async () => {
  const { asked, at, answer, asks, shows } = setUp();
  const { rerender } = render(at(0.1));
  rerender(at(0.2));
  rerender(at(0.3));
  await asks(1);
  answer(0, pictureAnswer("made 1"));
  await asks(2);
  await shows("made 1, late");
  expect(asked.at(-1)?.body).toMatchObject({ changes: { framing: { x: 0.3 } }, with_product: true });
  answer(1, Response.json(problem("E_RATE_LIMITED", 429), { status: 429 }));
  await shows("no picture");
  await asks(2);
  rerender(at(null));
  await shows("no picture");
});

test("a product in hand has its surroundings first, and the picture with it when it rests", async () => {
  const { asked, at, answer, asks, shows } = setUp();
  const both: Part[] = ["surroundings", "picture"];
  const { rerender } = render(at(0.1, ["surroundings"]));
  await asks(1);
  expect(asked.at(-1)?.body).toMatchObject({ with_product: false });
  answer(0, pictureAnswer("made 1"));
  await shows("no picture, late, made 1");
  rerender(at(0.2, both));
  await asks(2);
  rerender(at(0.3, both));
  answer(1, pictureAnswer("made 2"));
  await asks(3);
  await shows("no picture, late, made 2");
  answer(2, pictureAnswer("made 3"));
  await asks(4);
  expect(asked.map(({ body }) => (body as { with_product: boolean }).with_product)).toEqual([
    false,
    false,
    false,
    true,
  ]);
  answer(3, pictureAnswer("made 4"));
  await shows("made 4, current, made 3");
});
