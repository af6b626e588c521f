import { QueryClient } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { activeQuery, sessionQuery } from "@/api/queries";
import { PageBar } from "@/shared/shell/page-bar";
import { Source } from "../event-source";
import { jobOf } from "../jobs";
import { serve } from "../server";
import { inPage } from "../page";

let jobs: Schemas["Job"][] = [];

beforeEach(() => {
  Source.all = [];
  vi.stubGlobal("EventSource", Source);
});
afterEach(() => {
  sessionStorage.clear();
});

function bar(running: Schemas["Job"][]) {
  jobs = running;
  serve(({ call, path, query }) =>
    call === "GET /job"
      ? { items: jobs.filter(({ status }) => status === query.status) }
      : jobs.find(({ id }) => id === path.job_id),
  );
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(activeQuery.queryKey, running);
  for (const id of ["1", "2"]) {
    client.setQueryData(sessionQuery(`ses_${id}`).queryKey, { title: `Mug ${id}` } as Schemas["Session"]);
  }
  render(inPage(<PageBar status="All is well" />, { client }));
}

const line = () => screen.getAllByRole("link", { name: /Mug/ })[0];
const job = (n: number, part: Partial<Schemas["Job"]>) =>
  jobOf({ id: `job_${n}`, session_id: `ses_${n}`, created_at: `2026-11-0${n}T00:00:00Z`, ...part });

test("the bar names the job that runs, how far it is and what else waits, and leads to it", () => {
  bar([job(1, { status: "queued" }), job(2, { status: "running" })]);
  expect(Source.all.map(({ url }) => url)).toEqual(["/stream/job_2?last_event_id=0"]);
  act(() => {
    Source.all[0]?.send("running", 2, { attempt: 1 });
    Source.all[0]?.send("progress", 3, { stage: "compose", percent: 42, variant: null });
  });
  expect(line()).toHaveTextContent("Mug 2Composing the scene42%1 more");
  expect(line()).toHaveAttribute("href", "/studio/ses_2");
  expect(screen.queryByText("All is well")).toBeNull();
});

test("one that ended says so until the screen is left", async () => {
  bar([job(1, { status: "running" })]);
  jobs = [job(1, { status: "failed" })];
  act(() => Source.all[0]?.fail(true));
  await waitFor(() => expect(line()).toHaveTextContent("Mug 1Not made"));
});

test("where the screen tells of its jobs itself, the bar takes no stream from it", () => {
  window.history.pushState(null, "", "/batches");
  bar([job(1, { status: "running" })]);
  expect(screen.queryByRole("link", { name: /Mug/ })).toBeNull();
  expect(Source.all).toEqual([]);
  window.history.pushState(null, "", "/");
});

test("with nothing at work the bar says what the screen has to say", () => {
  bar([]);
  expect(screen.getByText("All is well")).toBeInTheDocument();
  expect(Source.all).toEqual([]);
});
