import { expect, test, type Page } from "@playwright/test";
import { severalOf } from "./stock";
import { candidates, FIRST_JOB_MS, openPhoto, optimise, UPLOAD_MS } from "./studio";

test.use({ locale: "en-US" });

const dialog = (page: Page) => page.getByRole("dialog", { name: "Fix the cut-out" });

/** Holds the answers about corrected cut-outs, so that what is shown until they come can be seen on any machine. */
async function hold(page: Page) {
  let letGo = () => undefined as unknown;
  const held = new Promise((done) => (letGo = () => done(null)));
  const isCorrection = (url: URL) => /^\/session\/[^/]+\/matte$/.test(url.pathname);
  await page.route(isCorrection, async (route) => {
    if (route.request().method() === "POST") await held;
    await route.fallback();
  });
  return async () => {
    letGo();
    await page.unroute(isCorrection);
  };
}

async function settled(page: Page): Promise<void> {
  const note = dialog(page).getByText("Used for every picture from now on.");
  await expect(note).toBeVisible({ timeout: FIRST_JOB_MS });
}

test("a cut-out is corrected by brush and by keys, undone, kept, and given back", async ({ page }) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  const session = page.url().split("/").at(-1) ?? "";
  const kept = async () =>
    (await (await page.request.get(`/session/${session}/matte`)).json()) as {
      correction: { points: { mode: string }[]; strokes: { mode: string }[] } | null;
    };

  await page.getByRole("button", { name: "Fix the cut-out" }).click();
  await settled(page);
  const save = dialog(page).getByRole("button", { name: "Use this cut-out" });
  await expect(save).toBeDisabled();

  const canvas = dialog(page).getByRole("application");
  const box = await canvas.boundingBox();
  if (!box) throw new Error("no canvas");
  const stroke = async (y: number) => {
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * y, { steps: 6 });
    await page.mouse.up();
  };
  const letGo = await hold(page);
  await canvas.click({ position: { x: box.width * 0.05, y: box.height * 0.05 } });
  await expect(dialog(page).getByText("Finding the edge")).toBeVisible();
  await letGo();
  await settled(page);
  await dialog(page).getByText("Brush", { exact: true }).click();
  await stroke(0.2);
  await stroke(0.3);
  await page.keyboard.press("Control+z");
  await dialog(page).getByText("Remove", { exact: true }).click();
  await canvas.focus();
  await canvas.press("ArrowRight");
  await canvas.press("Enter");
  await settled(page);
  await save.click();
  await expect(dialog(page)).toHaveCount(0);
  const correction = (await kept()).correction;
  expect(correction?.strokes.map(({ mode }) => mode)).toEqual(["add", "remove"]);
  expect(correction?.points.map(({ mode }) => mode)).toEqual(["add"]);

  await page.locator("body").press("m");
  await settled(page);
  await dialog(page).getByRole("button", { name: "Back to automatic" }).click();
  await expect(dialog(page)).toHaveCount(0);
  expect((await kept()).correction).toBeNull();
});

test("an empty cut-out is asked about, and a corrected one makes the picture on the stage again", async ({
  page,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.locator("body").press("m");
  const note = dialog(page).getByText(/Picture 1\.1 is made again with it/);
  await expect(note).toBeVisible({ timeout: FIRST_JOB_MS });
  await dialog(page).getByText("Brush", { exact: true }).click();
  await dialog(page).getByRole("slider", { name: "Brush size" }).fill("400");
  await dialog(page).getByText("Remove", { exact: true }).click();
  const box = await dialog(page).getByRole("application").boundingBox();
  if (!box) throw new Error("no canvas");
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.02, 0.02));
  await page.mouse.down();
  for (const y of [0.02, 0.2, 0.4, 0.6, 0.8, 0.98]) {
    await page.mouse.move(...at(0.02, y));
    await page.mouse.move(...at(0.98, y), { steps: 12 });
  }
  const letGo = await hold(page);
  await page.mouse.up();
  await expect(note).toBeHidden();
  await letGo();
  await expect(note).toBeVisible({ timeout: FIRST_JOB_MS });
  await dialog(page).getByRole("button", { name: "Use this cut-out" }).click();
  const question = page.getByRole("dialog", { name: "No product is cut out" });
  await question.getByRole("button", { name: "Keep fixing" }).click();
  await expect(question).toHaveCount(0);

  await page.keyboard.press("Control+z");
  await dialog(page).getByText("Soften the edge").locator("..").getByRole("slider").fill("2");
  await expect(note).toBeVisible({ timeout: FIRST_JOB_MS });
  await dialog(page).getByRole("button", { name: "Use this cut-out" }).click();
  await expect(dialog(page)).toHaveCount(0);
  // The new turn's picture takes the stage by itself.
  await expect(page.getByRole("button", { name: /^2\.1/ }).first()).toBeVisible({ timeout: FIRST_JOB_MS });
});

test("a photo of two things asks which is the product, and the picture shows the one that was chosen", async ({
  page,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  const photo = await severalOf(page);
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo]);
  await page.waitForURL(/\/studio\/ses_/, { timeout: UPLOAD_MS });
  const question = page.getByText("There are several things in the photo. Which one is the product?");
  await expect(question).toBeVisible({ timeout: FIRST_JOB_MS });
  await page.getByRole("button", { name: /^Choose it/ }).click();
  await expect(dialog(page).getByRole("heading", { name: "Which one is the product?" })).toBeVisible();

  const path = page.url().replace("/studio/", "/session/");
  type Subjects = { subjects: { box: { x: number }; chosen: boolean }[] };
  const found = async () => ((await (await page.request.get(`${path}/matte`)).json()) as Subjects).subjects;
  const subjects = await found();
  const mug = subjects.findIndex(({ box }) => box.x > 0.5);
  // Both are cut out, which is no answer: neither is ticked, and one press says which it is.
  await expect(dialog(page).getByRole("button", { pressed: true })).toHaveCount(0);
  await dialog(page)
    .getByRole("button", { name: `Object ${mug + 1}` })
    .click();
  await expect(dialog(page).getByRole("button", { pressed: true })).toHaveCount(1);
  await settled(page);
  await dialog(page).getByRole("button", { name: "Use this cut-out" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(question).toHaveCount(0);
  expect((await found()).map(({ chosen }) => chosen)).toEqual(subjects.map((_, at) => at === mug));
  await page.getByRole("radio", { name: "1", exact: true }).check();
  await page.getByRole("button", { name: "Optimise" }).click();
  await expect(candidates(page)).toHaveCount(1, { timeout: FIRST_JOB_MS });
  await expect(question).toHaveCount(0);
});
