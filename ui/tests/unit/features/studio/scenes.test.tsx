import { QueryClient } from "@tanstack/react-query";
import { act, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import type { Runs } from "@/features/studio/hooks/use-runs";
import { backdropsQuery, useRemoveBackdrop } from "@/features/studio/scenes/backdrop-queries";
import { HorizonSlider } from "@/features/studio/scenes/horizon-slider";
import { WaitingScenes } from "@/features/studio/scenes/scene-shelf";
import { SizeQuestion } from "@/features/studio/scenes/size-question";
import { useScenePreview } from "@/features/studio/scenes/use-scene-preview";
import { ToastProvider } from "@/shared/ui/layers/toast";
import { serve } from "../../server";
import { pictureAnswer } from "./picture-answer";
import { inStudio } from "./studio";
import { cacheWith, inPage } from "../../page";

const sessionOf = (size_cm: number | null) => ({ id: "ses_1", product: { size_cm } }) as Schemas["Session"];

const around = (client: QueryClient, children: ReactNode) =>
  inPage(<ToastProvider>{children}</ToastProvider>, { client });

afterEach(() => {
  localStorage.clear();
});

function Scene({ prompt, isWanted = true }: { prompt: string; isWanted?: boolean }) {
  return useScenePreview({ session: sessionOf(null), base: null, order: { prompt } }, isWanted) ?? prompt;
}

test("scenes are previewed one after the other, never for one that went, and each only once", async () => {
  const waiting: (() => void)[] = [];
  const calls = serve(() => new Promise((resolve) => waiting.push(() => resolve(pictureAnswer()))));
  const client = new QueryClient();
  const scenes = (...prompts: string[]) =>
    around(
      client,
      prompts.map((prompt) => <Scene key={prompt} prompt={prompt} />),
    );
  const { rerender, container } = render(scenes("wood", "marble", "slate"));
  const settle = async (count: number) => {
    await vi.waitFor(() => {
      expect(waiting).toHaveLength(count);
    });
    act(() => waiting[count - 1]?.());
  };
  await vi.waitFor(() => {
    expect(waiting).toHaveLength(1);
  });
  rerender(scenes("wood", "slate"));
  await settle(1);
  await settle(2);
  await vi.waitFor(() => {
    expect(container.textContent).toMatch(/^data:.*data:/);
  });
  expect(calls.map(({ body }) => (body as { prompt: string }).prompt)).toEqual(["wood", "slate"]);
  rerender(scenes());
  rerender(scenes("wood"));
  expect(container.textContent).toMatch(/^data:/);
  expect(calls).toHaveLength(2);
});

test("a run pauses scene previews: the one in flight is aborted, and all are requested afterwards", async () => {
  const asked: { scene: string; signal: AbortSignal; answer: () => void }[] = [];
  serve(
    ({ body, signal }) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve(pictureAnswer());
        signal.addEventListener("abort", () => reject(new DOMException("called off", "AbortError")));
        asked.push({ scene: (body as { prompt: string }).prompt, signal, answer });
      }),
  );
  const client = new QueryClient();
  const scenes = (isWanted: boolean) =>
    around(
      client,
      ["wood", "marble"].map((prompt) => <Scene key={prompt} prompt={prompt} isWanted={isWanted} />),
    );
  const { rerender, container } = render(scenes(true));
  const names = () => asked.map(({ scene }) => scene);
  await vi.waitFor(() => expect(names()).toEqual(["wood"]));

  rerender(scenes(false));
  await vi.waitFor(() => expect(asked[0]?.signal.aborted).toBe(true));
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  expect(names()).toEqual(["wood"]);

  rerender(scenes(true));
  await vi.waitFor(() => expect(names()).toEqual(["wood", "wood"]));
  act(() => asked[1]?.answer());
  await vi.waitFor(() => expect(names()).toEqual(["wood", "wood", "marble"]));
  act(() => asked[2]?.answer());
  await vi.waitFor(() => expect(container.textContent).toMatch(/^data:.*data:/));
});

test("while the first picture is made the scenes stay, without the sample product beside one's own", () => {
  serve(() => ({ items: [] }));
  // The browser of these tests has none; whether a tile is seen does not matter here.
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  const name = { en: "Wood", zh: "木纹" };
  const client = cacheWith({
    templates: [{ id: "bg_replace.wood", operation: "bg_replace", name, wish: name }],
  });
  const { container } = render(around(client, inStudio({ session: sessionOf(null) }, <WaitingScenes />)));
  expect(screen.getByRole("button", { name: "Wood" })).toBeDisabled();
  expect(screen.getByText("You can try these once the first picture is ready.")).toBeVisible();
  expect(container.querySelector("img[src*=samples]")).toBeNull();
});

test("the size of a product takes one tap, can be skipped for good, and changed later", () => {
  const mutate = vi.fn((_body: unknown, { onSuccess }: { onSuccess: () => void }) => {
    act(onSuccess);
  });
  const change = { mutate, isPending: false } as unknown as Runs["change"];
  const redo = vi.fn();
  const client = new QueryClient();
  const asked = (size_cm: number | null) =>
    around(
      client,
      inStudio({ session: sessionOf(size_cm), runs: { change } }, <SizeQuestion onRedo={redo} />),
    );
  const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
  const { rerender } = render(asked(null));
  press("Skip");
  expect(screen.queryByRole("button", { name: "Sofa" })).toBeNull();
  press("Change");
  press("Sofa");
  expect(mutate.mock.calls[0]?.[0]).toEqual({ product: { size_cm: 200 } });
  rerender(asked(200));
  expect(screen.getByText("Size: Sofa")).toBeVisible();
  press("Redo this picture");
  expect(redo).toHaveBeenCalledOnce();
  rerender(asked(45));
  expect(screen.getByText("Size: 45 cm")).toBeVisible();
});

test("the ground line of one's own backdrop moves the way the slider does: up is higher in the picture", () => {
  const [tried, set] = [vi.fn(), vi.fn()];
  const slider = { disabled: false, preview: "", onTry: tried, onSet: set };
  render(around(new QueryClient(), <HorizonSlider {...slider} value={0.4} />));
  const line = screen.getByRole("slider", { name: "Where the ground ends" });
  expect(line).toHaveValue("60");
  expect(line).toHaveAttribute("aria-valuetext", "60% from the bottom");
  // The browser raises the value by one for the up arrow.
  fireEvent.change(line, { target: { value: "61" } });
  expect(tried).toHaveBeenCalledWith({ backdrop: { horizon_y: 0.39 } });
});

function Library({ images }: { images: Schemas["Image"][] }) {
  const remove = useRemoveBackdrop();
  return images.map((image) => (
    <button key={image.id} type="button" onClick={() => remove(image)}>
      {image.id}
    </button>
  ));
}

test("a backdrop is deleted on the server only after its undo has expired", async () => {
  vi.useFakeTimers();
  const images = ["ast_1", "ast_2"].map((id) => ({ id })) as Schemas["Image"][];
  const calls = serve(({ call }) =>
    call.startsWith("DELETE") ? new Response(null, { status: 204 }) : { items: images },
  );
  const dropped = () =>
    calls.filter(({ call }) => call.startsWith("DELETE")).map(({ path }) => path.image_id);
  const client = new QueryClient();
  const listed = async () => (await client.query({ ...backdropsQuery, staleTime: 0 })).map(({ id }) => id);
  client.setQueryData(backdropsQuery.queryKey, images);
  render(around(client, <Library images={images} />));
  fireEvent.click(screen.getByText("ast_1"));
  expect(client.getQueryData(backdropsQuery.queryKey)).toHaveLength(1);
  expect(await listed()).toEqual(["ast_2"]);
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(dropped()).toEqual([]);
  expect(await listed()).toEqual(["ast_1", "ast_2"]);
  fireEvent.click(screen.getByText("ast_2"));
  const undo = screen.getByRole("button", { name: "Undo" });
  fireEvent.focus(undo);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dropped()).toEqual([]);
  fireEvent.blur(undo);
  await vi.advanceTimersByTimeAsync(20_000);
  await vi.waitFor(() => expect(dropped()).toEqual(["ast_2"]));
});
