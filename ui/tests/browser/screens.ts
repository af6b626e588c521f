/** Every screen and how to get there, whatever the language, for the tests and pictures of all of them. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { samples, type Stock } from "./stock";
import { photo } from "./studio";

type Visit = { page: Page; stock: Stock; isPhone: boolean };
type Screen = {
  name: string;
  /** True if a request of it is never answered. */
  waits?: true;
  open: (visit: Visit) => Promise<unknown>;
};

export async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

const press = (page: Page, key: string) => page.locator("body").press(key);
const dialog = (page: Page) => page.getByRole("dialog");
const studio = async ({ page }: Visit, id: string) => {
  await page.goto(`/studio/${id}`);
  await page.locator("main img").first().waitFor();
};
/** Presses a key in the studio of the product that has pictures, which opens a dialog. */
const opened = (key: string) => async (visit: Visit) => {
  await studio(visit, visit.stock.done);
  await visit.page.getByRole("listbox").waitFor();
  // Keys of features work once the server has said which it has.
  await visit.page.waitForLoadState("networkidle");
  await press(visit.page, key);
  await dialog(visit.page).waitFor();
};
const words = async (visit: Visit, text: string) => {
  await studio(visit, visit.stock.done);
  await visit.page.locator("textarea").first().fill(text);
};
const choose = (page: Page) => page.getByTestId("photo-picker").setInputFiles(samples.slice(0, 3).map(photo));
const fails = (page: Page, path: RegExp, status: number, code: string) =>
  page.route(path, (route) => {
    if (!["fetch", "xhr"].includes(route.request().resourceType())) return route.fallback();
    return route.fulfill({ status, json: { code, title: code, status, params: {}, request_id: "req_1" } });
  });

export const screens: readonly Screen[] = [
  {
    name: "home",
    open: async ({ page }) => {
      await page.goto("/");
      await page.locator("ul img").first().waitFor();
    },
  },
  {
    name: "home-empty",
    open: async ({ page }) => {
      await page.route("**/session?*", (route) => route.fulfill({ json: { items: [], next_cursor: null } }));
      await page.goto("/");
    },
  },
  {
    name: "home-delete",
    open: async ({ page }) => {
      await page.goto("/");
      await page.locator("ul [aria-haspopup=menu]").first().click();
      await page.getByRole("menuitem").last().click();
      await dialog(page).waitFor();
    },
  },
  {
    name: "home-error",
    open: async ({ page }) => {
      await fails(page, /\/session\?/, 500, "E_INTERNAL");
      await page.goto("/");
      await page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "sign-in",
    open: async ({ page }) => {
      await fails(page, /./, 401, "E_UNAUTHORIZED");
      await page.goto("/");
      await dialog(page).waitFor();
    },
  },
  { name: "studio-before", open: (visit) => studio(visit, visit.stock.fresh) },
  {
    name: "studio-several",
    open: async (visit) => {
      await studio(visit, visit.stock.several);
      await visit.page.waitForLoadState("networkidle");
    },
  },
  { name: "studio", open: (visit) => studio(visit, visit.stock.done) },
  {
    name: "studio-frame",
    open: async (visit) => {
      await studio(visit, visit.stock.done);
      await visit.page.locator("main [aria-haspopup=menu]").first().click();
    },
  },
  {
    name: "studio-difference",
    open: async (visit) => {
      await studio(visit, visit.stock.done);
      await press(visit.page, "x");
      await visit.page.waitForLoadState("networkidle");
    },
  },
  { name: "studio-words", open: (visit) => words(visit, "warmer, larger, add a cat, 独角兽") },
  {
    name: "studio-refused",
    open: async (visit) => {
      await words(visit, "独角兽");
      await visit.page.locator("textarea").first().press("Control+Enter");
      await visit.page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "studio-failed",
    open: async (visit) => {
      await breakJob(visit.page);
      await studio(visit, visit.stock.done);
      await visit.page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "studio-error",
    open: async ({ page, stock }) => {
      await fails(page, /\/session\/ses_/, 503, "E_STORAGE_IO");
      await page.goto(`/studio/${stock.done}`);
      await page.getByRole("alert").first().waitFor();
    },
  },
  { name: "studio-gone", open: ({ page }) => page.goto("/studio/ses_01jd0000000000000000000000") },
  { name: "compare", open: opened("c") },
  { name: "versions", open: opened("t") },
  { name: "keys", open: opened("?") },
  {
    name: "export",
    open: async (visit) => {
      await opened("e")(visit);
      await dialog(visit.page).getByRole("heading", { level: 4 }).first().waitFor();
    },
  },
  {
    name: "export-measuring",
    waits: true,
    open: async (visit) => {
      await visit.page.route("**/export", () => new Promise(() => undefined));
      await opened("e")(visit);
    },
  },
  { name: "matte", open: opened("m") },
  {
    name: "matte-several",
    open: async (visit) => {
      await studio(visit, visit.stock.several);
      await visit.page.waitForLoadState("networkidle");
      await press(visit.page, "m");
      await dialog(visit.page).locator("canvas").waitFor();
      await visit.page.waitForLoadState("networkidle");
    },
  },
  {
    name: "batches",
    open: async ({ page }) => {
      await page.goto("/batches");
      await page.getByRole("progressbar").first().waitFor();
    },
  },
  {
    name: "batches-empty",
    open: async ({ page }) => {
      await page.route(/\/(batch|recipe)\?/, (route) =>
        route.fulfill({ json: { items: [], next_cursor: null } }),
      );
      await page.goto("/batches");
    },
  },
  {
    name: "batch",
    open: async ({ page, stock, isPhone }) => {
      await page.goto(`/batches/${stock.batch}`);
      await page.getByRole("listbox").waitFor();
      if (isPhone) await page.getByRole("option").nth(1).tap();
      await page.waitForLoadState("networkidle");
    },
  },
  {
    name: "batch-running",
    open: async ({ page, stock }) => {
      await runBatch(page);
      await page.goto(`/batches/${stock.batch}`);
      await page.getByRole("listbox").waitFor();
    },
  },
  { name: "batch-gone", open: ({ page }) => page.goto("/batches/bat_01jd0000000000000000000000") },
  { name: "batch-new-empty", open: ({ page }) => page.goto("/batches/new") },
  {
    name: "batch-new",
    open: async ({ page }) => {
      await page.goto("/batches/new");
      await choose(page);
      await page.locator("main img").nth(2).waitFor();
      await page.locator("textarea").first().fill("warmer, add a cat");
      await page.getByText("add a cat").nth(1).waitFor();
    },
  },
  { name: "settings", open: ({ page }) => page.goto("/settings") },
  {
    name: "settings-delete",
    open: async ({ page }) => {
      await page.goto("/settings");
      await page.waitForLoadState("networkidle");
      await page.locator("main button").last().click();
      await dialog(page).waitFor();
    },
  },
  { name: "lab", open: ({ page }) => page.goto("/lab/golden") },
  { name: "not-found", open: ({ page }) => page.goto("/nowhere") },
  // Last, as its photos wait on every screen that takes some.
  {
    name: "home-busy",
    open: async ({ page, stock }) => {
      await runJob(page, stock.done);
      await page.route(/\/(upload|health)$/, (route) => route.abort());
      await page.goto("/");
      await choose(page);
      await page.locator("header").getByRole("progressbar").first().waitFor({ state: "attached" });
    },
  },
];

/** Opens a screen in a page of which nothing is left from the screen before. */
export async function visit(screen: Screen, visit: Visit): Promise<void> {
  await visit.page.unrouteAll({ behavior: "ignoreErrors" });
  await visit.page.goto("about:blank");
  await screen.open(visit);
  if (!screen.waits) await visit.page.waitForLoadState("networkidle");
  await visit.page.evaluate("document.fonts.ready");
}

/** The newest job as one that failed halfway. */
async function breakJob(page: Page): Promise<void> {
  await page.route("**/session/ses_*", async (route) => {
    const answer = await route.fetch();
    const session = (await answer.json()) as { jobs: Record<string, unknown>[] };
    const error = { code: "E_AI_MODEL_UNAVAILABLE", title: "", status: 503, request_id: "req_01jd" };
    Object.assign(session.jobs.at(-1) ?? {}, { status: "failed", candidates: 4, last_error: error });
    await route.fulfill({ response: answer, json: session });
  });
}

/** A job at work, as any screen but the studio tells of it. */
async function runJob(page: Page, session: string): Promise<void> {
  const { jobs } = (await (await page.request.get(`/session/${session}`)).json()) as { jobs: object[] };
  const running = { ...jobs[0], id: "job_01jdrunning", status: "running" };
  await page.route("**/job?*", (route) => {
    const isAsked = route.request().url().includes("status=running");
    return route.fulfill({ json: { items: isAsked ? [running] : [{ ...running, id: "job_2" }] } });
  });
  const events: [string, object][] = [
    ["running", { seq: 1, attempt: 1 }],
    ["progress", { seq: 2, stage: "compose", percent: 42, variant: null, matte_url: null }],
  ];
  const body = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  await page.route("**/stream/*", (route) => route.fulfill({ contentType: "text/event-stream", body }));
}

/** The batch as one of which two items wait and one has failed. */
async function runBatch(page: Page): Promise<void> {
  await page.route(/\/batch\/bat_\w+(\/item)?(\?.*)?$/, async (route) => {
    if (route.request().resourceType() === "document") return route.fallback();
    const answer = await route.fetch();
    const json = (await answer.json()) as { items?: object[]; status?: string; counts?: object };
    if (json.items) {
      const error = { code: "E_INPUT_CORRUPT", title: "", status: 422, request_id: "req_1", params: {} };
      const left = { variant_id: null, thumbnail_url: null, quality: null, warnings: [] };
      Object.assign(json.items.at(-1) ?? {}, left, { status: "waiting" });
      Object.assign(json.items.at(-2) ?? {}, left, { status: "running" });
      Object.assign(json.items.at(-3) ?? {}, left, { status: "failed", error });
    } else {
      const counts = { waiting: 1, running: 1, failed: 1, needs_review: 2, approved: 1, succeeded: 0 };
      Object.assign(json, { status: "running", counts: { ...counts, rejected: 0, canceled: 0 } });
    }
    await route.fulfill({ response: answer, json });
  });
  await page.route("**/stream/batch/*", (route) => route.abort());
}
