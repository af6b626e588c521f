import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { LabScreen } from "@/features/lab";
import type { GoldenRun } from "@/features/lab/queries";
import { serve, type Asked } from "../../server";
import { aCase, aRun } from "./runs";
import { inPage } from "../../page";

type Vote = { case: string; run: string; others: string[]; choice: string | null };

let votes: Vote[] = [];

function answer(runs: GoldenRun[], { call, body }: Asked) {
  switch (call) {
    case "GET /golden":
      return { runs };
    case "GET /config":
      return {
        providers: [],
        errors: [
          { code: "E_AI_TIMEOUT", title: { zh: "模型超时没有答复", en: "The model did not answer in time" } },
        ],
      };
    case "GET /job":
      return { items: [] };
    case "GET /golden/{run_id}/compare/{before_id}":
      return { before: "r-1", after: "r-2", differences: [], changes: [] };
    default: {
      const vote = body as Vote;
      votes.push(vote);
      const adoption: Record<string, object> = {};
      for (const id of [vote.run, ...vote.others]) {
        const adopted = Number(id === vote.choice);
        adoption[id] = { votes: 1, adopted, rate: adopted, low: 0.2, high: 1 };
      }
      return { case: vote.case, run: vote.run, choice: vote.choice, adoption };
    }
  }
}

const OLD = "20261122-091000-aaaa";
const NEW = "20261124-204100-bbbb";

function open(runs: GoldenRun[]) {
  serve((asked) => answer(runs, asked));
  render(inPage(<LabScreen />, { locale: "zh" }));
}

const twoRuns = () => [
  aRun(NEW, [aCase("mug_kitchen"), aCase("watch_desk")]),
  { ...aRun(OLD, [aCase("mug_kitchen"), aCase("watch_desk")]), created_at: "2026-11-22T09:10:00Z" },
];

const row = (name: string) => {
  const title = screen.getByRole("heading", { name });
  const item = title.closest("li");
  if (!item) throw new Error("a case stands in the list");
  return within(item);
};

beforeEach(() => {
  votes = [];
});

it("without runs it says what it shows, and the command that fills it", async () => {
  open([]);
  expect(await screen.findByRole("heading", { name: "还没有评测结果" })).toBeInTheDocument();
  expect(document.title).toBe("标准评测 · Stillroom");
  expect(screen.getByText(/看各项指标、对比两次运行/)).toBeInTheDocument();
  expect(screen.getByText("stillroom eval golden")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "复制" })).toBeInTheDocument();
});

it("whose picture is whose is told only after the vote", async () => {
  open(twoRuns());
  await screen.findByRole("heading", { name: "马克杯" });
  expect(row("马克杯").queryByText("本机")).toBeNull();
  await userEvent.click(row("马克杯").getByRole("radio", { name: "A" }));
  expect(await row("马克杯").findAllByText("本机")).toHaveLength(2);
  expect(row("马克杯").getByText("已投，可改")).toBeInTheDocument();
  expect(row("手表").queryByText("本机")).toBeNull();
});

it("a case without any picture is not voted on, and the keys pass it by", async () => {
  const failed = { picture_url: null, source_url: null, mask_url: null, ok: false };
  open([
    aRun(NEW, [aCase("mug_kitchen", failed), aCase("watch_desk")]),
    aRun(OLD, [aCase("mug_kitchen", failed), aCase("watch_desk")]),
  ]);
  await screen.findByRole("heading", { name: "马克杯" });
  expect(row("马克杯").queryByRole("radio")).toBeNull();
  await userEvent.keyboard("1");
  await waitFor(() => expect(votes.map((vote) => vote.case)).toEqual(["watch_desk"]));
});

it("the keys vote on the first case that waits, then on the next, and 0 is none of them", async () => {
  open(twoRuns());
  await screen.findByRole("heading", { name: "马克杯" });
  await userEvent.keyboard("2");
  await waitFor(() => expect(votes).toHaveLength(1));
  await row("马克杯").findByText("已投，可改");
  await userEvent.keyboard("0");
  await waitFor(() => expect(votes).toHaveLength(2));
  const [first, second] = votes;
  expect(first?.case).toBe("mug_kitchen");
  expect(first?.choice).toBe(first?.others[0]);
  expect(new Set([first?.run, ...(first?.others ?? [])])).toEqual(new Set([OLD, NEW]));
  expect(second).toMatchObject({ case: "watch_desk", choice: null });
});

it("a failed case says why, in words where the code is known", async () => {
  const none = { ok: false, picture_url: null };
  open([
    aRun(NEW, [aCase("mug_kitchen", { ...none, error: "E_AI_TIMEOUT" }), aCase("watch_desk", { ok: false })]),
  ]);
  expect(await screen.findByText("模型超时没有答复")).toBeInTheDocument();
  expect(row("手表").getByText("图片没有出齐")).toBeInTheDocument();
  expect(row("手表").getByText("按 1，都不行按 0")).toBeInTheDocument();
});

it("a key without a picture of that number votes for nothing", async () => {
  open(twoRuns());
  await screen.findByRole("heading", { name: "马克杯" });
  await userEvent.keyboard("3");
  expect(votes).toEqual([]);
});

it("no votes and no fault run are said, and automatic acceptance stays apart", async () => {
  const run = twoRuns()[0];
  if (!run) throw new Error("there are two");
  open([
    {
      ...run,
      gate: [
        { name: "first_image_p95_ms", value: 13_100, limit: 12_000, verdict: "fail" },
        { name: "failures", value: 0, limit: 0.03, verdict: "pass" },
        { name: "fallback_success", value: null, limit: 0.9, verdict: "unmeasured" },
      ],
    },
  ]);
  expect(await screen.findByText("还没有人投票")).toBeInTheDocument();
  expect(screen.getByText("没有做故障演练")).toBeInTheDocument();
  expect(screen.getByText("未达门槛")).toBeInTheDocument();
  expect(row("马克杯").getByText("自动验收")).toBeInTheDocument();
});
