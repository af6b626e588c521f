/** Products and a batch that fill the screens of a server. */
import { expect, request, type APIRequestContext, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { photo } from "./studio";

export const samples = ["mug", "perfume", "watch", "headphones", "t-shirt", "toy-car"] as const;
const JOB_MS = 240_000;

/** Content of the screens. */
export type Stock = {
  /** Product without a picture. */
  fresh: string;
  /** Product with two turns of candidates, one of them chosen. */
  done: string;
  /** Product whose photo shows two objects. */
  several: string;
  batch: string;
};
type Job = { id: string; status: string; variants: { id: string }[] };
type PhotoFile = { name: string; mimeType: string; buffer: Buffer };

const shipped = async (name: string): Promise<PhotoFile> => ({
  name: `${name}.jpg`,
  mimeType: "image/jpeg",
  buffer: await readFile(photo(name)),
});

async function upload(api: APIRequestContext, file: PhotoFile): Promise<string> {
  return ((await (await api.post("/upload", { multipart: { file } })).json()) as { id: string }).id;
}

async function productOf(api: APIRequestContext, file: PhotoFile): Promise<string> {
  const data = { image_id: await upload(api, file), title: file.name.slice(0, -4), platform: "amazon" };
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
  for (const sample of samples)
    items.push({ image_id: await upload(api, await shipped(sample)), title: sample });
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

/** A photo of two golden objects side by side, composed in the browser. */
export async function severalOf(page: Page): Promise<PhotoFile> {
  const golden = resolve(import.meta.dirname, "../../../golden");
  const parts = [];
  for (const name of ["toycar_rug", "mug_kitchen"]) {
    const [image, mask] = [`images/${name}.jpg`, `masks/${name}.png`];
    parts.push(await Promise.all([image, mask].map((file) => readFile(resolve(golden, file), "base64"))));
  }
  // The page itself may not fetch data URLs.
  await page.goto("about:blank");
  const base64 = await page.evaluate(async (parts) => {
    const bitmap = async (data: string) =>
      createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvasOf = (width: number, height: number) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("no canvas");
      return { canvas, context };
    };
    const { canvas, context } = canvasOf(1600, 900);
    context.fillStyle = "#c9bfb0";
    context.fillRect(0, 0, 1600, 900);
    for (const [at, [image = "", mask = ""]] of parts.entries()) {
      const { canvas: object, context: own } = canvasOf(760, 760);
      own.drawImage(await bitmap(mask), 0, 0, 760, 760);
      const alpha = own.getImageData(0, 0, 760, 760).data;
      own.drawImage(await bitmap(image), 0, 0, 760, 760);
      const pixels = own.getImageData(0, 0, 760, 760);
      for (let at = 0; at < alpha.length; at += 4) pixels.data[at + 3] = alpha[at] ?? 0;
      own.putImageData(pixels, 0, 0);
      context.drawImage(object, 30 + at * 790, 70);
    }
    return canvas.toDataURL("image/jpeg", 0.92).split(",")[1] ?? "";
  }, parts);
  return { name: "shelf.jpg", mimeType: "image/jpeg", buffer: Buffer.from(base64, "base64") };
}

/** Fills the library of a server. */
export async function stocked(page: Page, baseURL: string): Promise<Stock> {
  const api = await request.newContext({ baseURL });
  const ids = new Map<string, string>();
  for (const sample of samples) ids.set(sample, await productOf(api, await shipped(sample)));
  const [fresh, done] = [ids.get("watch") ?? "", ids.get("perfume") ?? ""];
  const edit = { session_id: ids.get("mug"), operation: "optimize", candidates: 1 };
  await jobOf(api, "/edit", edit);
  const first = await jobOf(api, "/edit", {
    session_id: done,
    operation: "bg_replace",
    template: "bg_replace.marble",
    candidates: 3,
  });
  const base = first.variants[0]?.id;
  await api.post(`/variant/${base}/adopt`);
  const refine = { session_id: done, variant_id: base, prompt: "暖一点，产品大一点", candidates: 2 };
  await jobOf(api, "/refine", refine);
  const several = await productOf(api, await severalOf(page));
  await api.get(`/session/${several}/matte`, { timeout: JOB_MS });
  const stock = { fresh, done, several, batch: await batchOf(api) };
  await api.dispose();
  return stock;
}
