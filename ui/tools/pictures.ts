/** Opens every screen in both widths, languages and themes, and writes what is seen to `/screenshots`. */
import { expect, request, test, type APIRequestContext, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
const widths = { wide: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } };
const JOB_MS = 120_000;

type Words = { review: string; versions: string; export: string; compare: string; matte: string };
const languages: Record<"zh" | "en", { locale: string; words: Words }> = {
  zh: {
    locale: "zh-CN",
    words: {
      review: "照片和结果",
      versions: "全部版本",
      export: "导出",
      compare: "全屏对比",
      matte: "修正抠图",
    },
  },
  en: {
    locale: "en-US",
    words: {
      review: "Photos and results",
      versions: "All versions",
      export: "Export",
      compare: "Compare, full screen",
      matte: "Fix the cut-out",
    },
  },
};

type Job = { id: string; status: string; variants: { id: string }[] };
type Stock = { fresh: string; done: string; batch: string };

const photoOf = async (sample: string) => ({
  name: `${sample}.jpg`,
  mimeType: "image/jpeg",
  buffer: await readFile(resolve(root, "ui/public/samples", `${sample}.jpg`)),
});

async function productOf(api: APIRequestContext, sample: string): Promise<string> {
  const image = (await (
    await api.post("/upload", { multipart: { file: await photoOf(sample) } })
  ).json()) as { id: string };
  const data = { image_id: image.id, title: sample, platform: "taobao" };
  return ((await (await api.post("/session", { data })).json()) as { id: string }).id;
}

async function jobOf(api: APIRequestContext, path: string, data: object): Promise<Job> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  const { id } = (await (await api.post(path, { data, headers })).json()) as Job;
  let job: Job | null = null;
  await expect
    .poll(
      async () => {
        job = (await (await api.get(`/job/${id}`)).json()) as Job;
        return job.status;
      },
      { timeout: JOB_MS, intervals: [500] },
    )
    .toBe("succeeded");
  return job as unknown as Job;
}

/** A batch that was done, with one item approved. */
async function batchOf(api: APIRequestContext): Promise<string> {
  const items = [];
  for (const sample of samples) {
    const image = (await (
      await api.post("/upload", { multipart: { file: await photoOf(sample) } })
    ).json()) as { id: string };
    items.push({ image_id: image.id, title: sample });
  }
  const recipe = { operation: "optimize", presets: ["amazon-main", "web-1080"], candidates: 2 };
  const answer = await api.post("/batch", { data: { name: "Autumn", recipe, items } });
  const { id } = (await answer.json()) as { id: string };
  const status = async () => ((await (await api.get(`/batch/${id}`)).json()) as { status: string }).status;
  await expect.poll(status, { timeout: 2 * JOB_MS, intervals: [1000] }).toBe("finished");
  const page = (await (await api.get(`/batch/${id}/item`)).json()) as { items: { id: string }[] };
  await api.patch(`/batch/${id}/item/${page.items[0]?.id}`, { data: { status: "approved" } });
  await api.post("/recipe", { data: { name: "Autumn white", ...recipe } });
  return id;
}

let stock: Stock | null = null;

/** Content of the screens; made once, by the first picture that needs it. */
async function stocked(baseURL: string): Promise<Stock> {
  if (stock) return stock;
  const api = await request.newContext({ baseURL });
  const ids = new Map<string, string>();
  for (const sample of samples) ids.set(sample, await productOf(api, sample));
  const [fresh, done] = [ids.get("watch") ?? "", ids.get("perfume") ?? ""];
  for (const sample of ["mug", "headphones", "t-shirt"]) {
    const edit = { session_id: ids.get(sample), operation: "optimize", candidates: 1 };
    await jobOf(api, "/edit", edit);
  }
  const first = await jobOf(api, "/edit", {
    session_id: done,
    operation: "bg_replace",
    template: "bg_replace.marble",
    candidates: 3,
  });
  const base = first.variants[0]?.id;
  await api.post(`/variant/${base}/adopt`);
  await jobOf(api, "/refine", {
    session_id: done,
    variant_id: base,
    prompt: "暖一点，产品大一点",
    candidates: 2,
  });
  stock = { fresh, done, batch: await batchOf(api) };
  await api.dispose();
  return stock;
}

/** The newest job as one that failed halfway. */
async function breakJob(page: Page): Promise<void> {
  await page.route("**/session/ses_*", async (route) => {
    const answer = await route.fetch();
    const session = (await answer.json()) as {
      jobs: Record<string, unknown>[];
      variants: { job_id: string }[];
    };
    const job = session.jobs.at(-1);
    if (job) {
      const error = { code: "E_AI_MODEL_UNAVAILABLE", title: "", status: 503, request_id: "req_01jd" };
      Object.assign(job, { status: "failed", candidates: 4, last_error: error });
    }
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

for (const [language, { locale, words }] of Object.entries(languages)) {
  for (const theme of ["light", "dark"] as const) {
    for (const [size, viewport] of Object.entries(widths)) {
      test(`${size}, ${language}, ${theme}`, async ({ browser, baseURL }) => {
        const { fresh, done, batch } = await stocked(baseURL ?? "");
        const context = await browser.newContext({
          baseURL: baseURL ?? "",
          viewport,
          locale,
          colorScheme: theme,
          reducedMotion: "reduce",
          hasTouch: size === "phone",
        });
        const page = await context.newPage();
        await page.addInitScript(() => localStorage.removeItem("stillroom.locale"));
        const shoot = async (name: string) => {
          await page.evaluate("document.fonts.ready");
          await page.screenshot({
            path: resolve(root, "screenshots", `${name}-${viewport.width}-${language}-${theme}.png`),
          });
        };
        const take = async (name: string) => {
          await page.waitForLoadState("networkidle");
          await shoot(name);
        };
        const press = (key: string) => page.locator("body").press(key);

        await page.goto("/");
        await page.locator("ul img").first().waitFor();
        await take("home");
        await page.route("**/session?*", (route) =>
          route.fulfill({ json: { items: [], next_cursor: null } }),
        );
        await page.goto("/");
        await take("home-empty");
        await page.unroute("**/session?*");

        await page.goto(`/studio/${fresh}`);
        await take("studio-before");
        await page.goto(`/studio/${done}`);
        await page.getByRole("listbox").waitFor();
        await take("studio");
        await press("x");
        await page.waitForTimeout(1500);
        await take("studio-difference");
        await press("d");
        await press("c");
        await page.getByRole("dialog").waitFor();
        await take("compare");
        await page.keyboard.press("Escape");
        await press("t");
        await page.getByRole("dialog").waitFor();
        await take("tree");
        await page.keyboard.press("Escape");
        await press("e");
        await page.getByRole("dialog").waitFor();
        await page.waitForTimeout(1500);
        await take("export");
        await page.keyboard.press("Escape");
        await press("m");
        await page.getByRole("dialog", { name: words.matte }).locator("canvas").waitFor();
        await page.waitForTimeout(2000);
        await take("matte");

        await breakJob(page);
        await page.goto(`/studio/${done}`);
        await page.getByRole("alert").waitFor();
        await take("studio-failed");
        await page.unroute("**/session/ses_*");

        await page.goto("/batches");
        await page.getByRole("progressbar").first().waitFor();
        await take("batches");
        await page.goto(`/batches/${batch}`);
        await page.getByRole("listbox", { name: words.review }).waitFor();
        if (size === "phone") await page.getByRole("option").nth(1).tap();
        await page.waitForTimeout(1500);
        await take("batch");
        await page.goto("/batches/new");
        await page
          .getByTestId("photo-picker")
          .setInputFiles(
            samples.slice(0, 3).map((name) => resolve(root, "ui/public/samples", `${name}.jpg`)),
          );
        await page.locator("main img").nth(2).waitFor();
        await take("batch-new");

        await page.goto("/settings");
        await take("settings");
        await page.locator("main > p").last().scrollIntoViewIfNeeded();
        await take("settings-foot");
        await page.goto("/lab/golden");
        await take("lab");
        await page.goto("/nowhere");
        await take("not-found");

        await runJob(page, done);
        await page.route(/\/(upload|health)$/, (route) => route.abort());
        await page.goto("/");
        await page
          .getByTestId("photo-picker")
          .setInputFiles(
            samples.slice(0, 3).map((name) => resolve(root, "ui/public/samples", `${name}.jpg`)),
          );
        await page.locator("header").getByRole("progressbar").first().waitFor({ state: "attached" });
        await page.waitForTimeout(1000);
        await shoot("home-busy");
        await context.close();
      });
    }
  }
}
