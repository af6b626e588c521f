import { QueryClient, useQuery } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { cacheJob, sessionQuery } from "@/api/queries";
import { WishList } from "@/features/studio/components/wish-list";
import { useWishes } from "@/features/studio/hooks/use-wishes";
import { reworded, wishesOf, withRestored, without, type Wish } from "@/features/studio/wishes";
import { ToastProvider } from "@/shared/ui/layers/toast";
import { jobOf } from "../../jobs";
import { problem } from "../../problem";
import { serve, type Asked } from "../../server";
import { inPage } from "../../page";

type Change = {
  context: { wishes: { id: string | null; text: string; turn: number }[]; seen: string[] };
};

let changes: Change[] = [];
let refusal: Response | null = null;
/** Called while a change is being saved. */
let meanwhile: () => void = () => undefined;

function answer({ call, body }: Asked) {
  if (call === "GET /config") {
    return { errors: [], marks: { sure: 0.5 }, limits: { max_prompt_characters: 500 } };
  }
  const change = body as Change;
  changes.push(change);
  meanwhile();
  if (refusal) return refusal;
  const kept = change.context.wishes.map((line, index) => ({
    id: line.id ?? `wsh_new_${index}`,
    text: line.text,
    turn: line.turn,
    locked: line.id === "wsh_0",
    words: line.id === "wsh_0" ? { zh: "产品与字样保持不变", en: "The product stays" } : null,
  }));
  return sessionWith(kept);
}

const LOCKED: Wish = {
  id: "wsh_0",
  text: "The product stays.",
  turn: 0,
  locked: true,
  words: { zh: "产品与字样保持不变", en: "The product stays" },
};
const wish = (id: string, text: string, turn = 1): Wish => ({ id, text, turn, locked: false, words: null });
const MARBLE = wish("wsh_1", "大理石台面");
const WARM = wish("wsh_2", "暖一点", 2);
const ALL = [LOCKED, MARBLE, WARM];

const sessionWith = (wishes: Wish[], paths: Record<string, Wish[]> = {}) =>
  ({
    id: "ses_1",
    context: { wishes, paths, lighting: { azimuth_deg: 60 }, perspective: {}, color_tone: {} },
    variants: [],
    jobs: [],
  }) as unknown as Schemas["Session"];
const picture = (jobId: string) => ({ id: "var_1", job_id: jobId }) as Schemas["Variant"];

function Page() {
  const { data } = useQuery({ ...sessionQuery("ses_1"), enabled: false });
  return data ? <Hand session={data} /> : null;
}

function Hand({ session }: { session: Schemas["Session"] }) {
  return <WishList state={useWishes(session, null)} />;
}

function open(wishes: Wish[]) {
  serve(answer);
  const client = new QueryClient({ defaultOptions: { mutations: { retryDelay: 0 } } });
  client.setQueryData(sessionQuery("ses_1").queryKey, sessionWith(wishes));
  render(
    inPage(
      <ToastProvider>
        <Page />
      </ToastProvider>,
      { client, locale: "zh" },
    ),
  );
  return client;
}

const sent = () => changes.map(({ context }) => context.wishes.map(({ text }) => text));

beforeEach(() => {
  changes = [];
  refusal = null;
  meanwhile = () => undefined;
});

it("a picture has the wishes of its own path, and the newest list stands for what has none", () => {
  const session = sessionWith(ALL, { job_1: [LOCKED, MARBLE] });
  expect(wishesOf(session, picture("job_1"))).toEqual([LOCKED, MARBLE]);
  expect(wishesOf(session, picture("job_old"))).toEqual(ALL);
  expect(wishesOf(session, null)).toEqual(ALL);
});

it("editing a list leaves its other lines as they are", () => {
  expect(reworded(ALL, "wsh_1", "木纹").map(({ id, text }) => [id, text])).toEqual([
    ["wsh_0", LOCKED.text],
    ["wsh_1", "木纹"],
    ["wsh_2", "暖一点"],
  ]);
  expect(without(ALL, "wsh_1").map(({ id }) => id)).toEqual(["wsh_0", "wsh_2"]);
  expect(withRestored([LOCKED, WARM], MARBLE)).toContainEqual({ id: "wsh_1", text: "大理石台面", turn: 1 });
});

it("what is kept besides the wishes is told under them", async () => {
  open(ALL);
  expect(await screen.findByText("同样保持：光从右边来")).toBeInTheDocument();
});

it("the locked wish has no controls, the others say their turn", () => {
  open(ALL);
  expect(screen.getByText("产品与字样保持不变")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "移除“产品与字样保持不变”" })).toBeNull();
  expect(screen.getByText("第 2 步")).toBeInTheDocument();
  expect(screen.getByText("下一步起生效")).toBeInTheDocument();
});

it("a wish is reworded in place: Enter saves, with what was seen", async () => {
  open(ALL);
  await userEvent.click(screen.getByRole("button", { name: "改写“大理石台面”" }));
  const field = screen.getByRole("textbox");
  expect(field).toHaveFocus();
  await userEvent.clear(field);
  await userEvent.type(field, "木纹台面{Enter}");
  expect(await screen.findByText("木纹台面")).toBeInTheDocument();
  expect(sent()).toEqual([[LOCKED.text, "木纹台面", "暖一点"]]);
  expect(changes[0]?.context.seen).toEqual(["wsh_0", "wsh_1", "wsh_2"]);
  expect(screen.queryByRole("textbox")).toBeNull();
});

it("Esc leaves without saving, and so does saving what is unchanged", async () => {
  open(ALL);
  await userEvent.click(screen.getByRole("button", { name: "改写“暖一点”" }));
  await userEvent.type(screen.getByRole("textbox"), "很多{Escape}");
  expect(screen.queryByRole("textbox")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "改写“暖一点”" }));
  await userEvent.keyboard("{Enter}");
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(sent()).toEqual([]);
});

it("a removed wish is told with a way back, which puts it where it was", async () => {
  open(ALL);
  await userEvent.click(screen.getByRole("button", { name: "移除“大理石台面”" }));
  expect(await screen.findByText("已移除“大理石台面”")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "移除“大理石台面”" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "撤销" }));
  await waitFor(() => expect(sent()).toHaveLength(2));
  expect(changes[1]?.context.wishes).toContainEqual({
    id: "wsh_1",
    text: "大理石台面",
    turn: 1,
    locked: false,
  });
  expect(changes[1]?.context.seen).toEqual(["wsh_0", "wsh_2"]);
  expect(await screen.findByRole("button", { name: "移除“大理石台面”" })).toBeInTheDocument();
});

it("a wish can be added by hand", async () => {
  open(ALL);
  await userEvent.click(screen.getByRole("button", { name: "添加要求" }));
  await userEvent.type(screen.getByRole("textbox"), "光从左边来{Enter}");
  expect(await screen.findByText("光从左边来")).toBeInTheDocument();
  expect(changes[0]?.context.wishes.at(-1)).toEqual({
    id: null,
    text: "光从左边来",
    turn: 0,
    locked: false,
  });
  expect(screen.getByText("手动添加")).toBeInTheDocument();
});

it("a job that is accepted while a wish is saved stays", async () => {
  const client = open(ALL);
  meanwhile = () => cacheJob(client, jobOf({ id: "job_2" }));
  await userEvent.click(screen.getByRole("button", { name: "移除“大理石台面”" }));
  await waitFor(() => expect(screen.queryByText("大理石台面")).toBeNull());
  expect(client.getQueryData(sessionQuery("ses_1").queryKey)?.jobs.map(({ id }) => id)).toEqual(["job_2"]);
});

it("words that cannot be used are told at their field, and stay there", async () => {
  refusal = Response.json(problem("E_PROMPT_INVALID", 422), { status: 422 });
  open(ALL);
  await userEvent.click(screen.getByRole("button", { name: "添加要求" }));
  await userEvent.type(screen.getByRole("textbox"), "?!{Enter}");
  expect(await screen.findByRole("alert")).toBeInTheDocument();
  expect(screen.getByRole("textbox")).toHaveValue("?!");
  expect(screen.getByRole("textbox")).toBeInvalid();
});
