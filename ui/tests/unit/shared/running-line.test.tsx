import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { emptyFeed, type Feed } from "@/api/feed";
import { activeQuery, sessionQuery } from "@/api/queries";
import { SpeechProvider } from "@/shared/i18n/words";
import { PageBar } from "@/shared/shell/page-bar";
import { jobOf } from "../jobs";

type Follower = { jobId: string; onFeed: (feed: Feed) => void; onPoll: () => Promise<boolean> };
const server = vi.hoisted(() => ({ followed: [] as Follower[], jobs: [] as unknown[] }));

vi.mock("@/api/events", async (actual) => ({
  ...(await actual<object>()),
  follow: (follower: Follower) => {
    server.followed.push(follower);
    return () => undefined;
  },
}));

vi.mock("@/api/client", async (actual) => ({
  ...(await actual<object>()),
  api: {
    GET: (
      path: string,
      { params }: { params?: { query?: { status: string }; path?: { job_id: string } } } = {},
    ) => {
      const jobs = server.jobs as Schemas["Job"][];
      const { query, path: named } = params ?? {};
      if (path === "/job/{job_id}") return answer(jobs.find(({ id }) => id === named?.job_id));
      return answer({ items: jobs.filter(({ status }) => status === query?.status) });
    },
  },
}));

const answer = (data: unknown) => Promise.resolve({ data, response: new Response() });

beforeEach(() => Object.assign(server, { followed: [], jobs: [] }));

function bar(jobs: Schemas["Job"][]) {
  server.jobs = jobs;
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(activeQuery.queryKey, jobs);
  for (const id of ["1", "2"]) {
    client.setQueryData(sessionQuery(`ses_${id}`).queryKey, { title: `Mug ${id}` } as Schemas["Session"]);
  }
  render(
    <SpeechProvider>
      <QueryClientProvider client={client}>
        <PageBar status="All is well" />
      </QueryClientProvider>
    </SpeechProvider>,
  );
}

const line = () => screen.getAllByRole("link", { name: /Mug/ })[0];
const job = (n: number, part: Partial<Schemas["Job"]>) =>
  jobOf({ id: `job_${n}`, session_id: `ses_${n}`, created_at: `2026-11-0${n}T00:00:00Z`, ...part });

test("the bar names the job that runs, how far it is and what else waits, and leads to it", () => {
  bar([job(1, { status: "queued" }), job(2, { status: "running" })]);
  expect(server.followed.map(({ jobId }) => jobId)).toEqual(["job_2"]);
  act(() => server.followed[0]?.onFeed({ ...emptyFeed, seq: 3, attempt: 1, stage: "compose", percent: 42 }));
  expect(line()).toHaveTextContent("Mug 2Composing the scene42%1 more");
  expect(line()).toHaveAttribute("href", "/studio/ses_2");
  expect(screen.queryByText("All is well")).toBeNull();
});

test("one that ended says so until the screen is left", async () => {
  bar([job(1, { status: "running" })]);
  server.jobs = [job(1, { status: "failed" })];
  await act(async () => {
    await server.followed[0]?.onPoll();
  });
  expect(line()).toHaveTextContent("Mug 1Not made");
});

test("where the screen tells of its jobs itself, the bar takes no stream from it", () => {
  window.history.pushState(null, "", "/batches");
  bar([job(1, { status: "running" })]);
  expect(screen.queryByRole("link", { name: /Mug/ })).toBeNull();
  expect(server.followed).toEqual([]);
  window.history.pushState(null, "", "/");
});

test("with nothing at work the bar says what the screen has to say", () => {
  bar([]);
  expect(screen.getByText("All is well")).toBeInTheDocument();
  expect(server.followed).toEqual([]);
});
