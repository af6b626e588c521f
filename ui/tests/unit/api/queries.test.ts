// @vitest-environment jsdom
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { cacheChanged, cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { jobOf } from "../jobs";
import { serve } from "../server";

type Variant = Schemas["Variant"];

const KEY = sessionQuery("ses_1").queryKey;

const variant = (id: string, part: Partial<Variant>) =>
  ({ id, job_id: "job_1", session_id: "ses_1", adopted: false, ...part }) as Variant;

const preview = variant("p", { role: "preview" });
const candidate = variant("c", { role: "candidate" });

function rolesAfter(act: (client: QueryClient) => void) {
  const client = new QueryClient();
  client.setQueryData(KEY, {
    id: "ses_1",
    jobs: [jobOf({})],
    variants: [preview],
  } as unknown as Schemas["Session"]);
  act(client);
  return client.getQueryData(KEY)?.variants.map(({ role }) => role);
}

test("a picture takes the place of the preview that its event names", () => {
  expect(rolesAfter((client) => cacheVariant(client, candidate, "p"))).toEqual(["candidate"]);
});

test("the choice among the pictures of a job moves to the one that is adopted", () => {
  const client = new QueryClient();
  const first = variant("p", { adopted: true });
  const other = variant("q", { adopted: true, job_id: "job_2" });
  const session = { id: "ses_1", jobs: [jobOf({})], variants: [first, candidate, other] };
  client.setQueryData(KEY, session as unknown as Schemas["Session"]);
  cacheVariant(client, { ...candidate, adopted: true });
  expect(client.getQueryData(KEY)?.variants.map(({ adopted }) => adopted)).toEqual([false, true, true]);
});

test("a preview stays beside a picture whose event names none", () => {
  expect(rolesAfter((client) => cacheVariant(client, candidate, null))).toEqual(["preview", "candidate"]);
});

test.each([
  ["disappears once the job lists only its candidate", [candidate], ["candidate"]],
  ["stays while the job lists both", [preview, candidate], ["preview", "candidate"]],
  ["stays when an older answer of the job lists no picture", [], ["preview"]],
])("a preview %s", (_, variants, left) => {
  expect(rolesAfter((client) => cacheJob(client, jobOf({ session_id: "ses_1", variants })))).toEqual(left);
});

const productOf = (part: object) =>
  ({ id: "ses_1", title: "Mug", jobs: [], variants: [], ...part }) as unknown as Schemas["Session"];

/** The cached product after a change whose answer overtakes an older answer. */
async function afterOvertaking(
  older: Schemas["Session"],
  newer: Schemas["Session"],
  change: (client: QueryClient) => void,
) {
  let answerOlder: () => void = () => undefined;
  const waiting = new Promise<Schemas["Session"]>((done) => (answerOlder = () => done(older)));
  const asked = serve(() => (asked.length === 1 ? waiting : newer));
  const client = new QueryClient();
  client.setQueryData(KEY, older);
  onTestFinished(new QueryObserver(client, sessionQuery("ses_1")).subscribe(() => undefined));
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  change(client);
  answerOlder();
  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  return client.getQueryData(KEY);
}

test("a new job stays when an older answer of its product arrives after it", async () => {
  const [first, second] = [jobOf({ id: "job_1" }), jobOf({ id: "job_2" })];
  const [older, newer] = [productOf({ jobs: [first] }), productOf({ jobs: [first, second] })];
  const product = await afterOvertaking(older, newer, (client) => cacheJob(client, second));
  expect(product?.jobs.map(({ id }) => id)).toEqual(["job_1", "job_2"]);
});

test("a new title stays when an older answer of its product arrives after it", async () => {
  const renamed = productOf({ title: "Blue mug" });
  const product = await afterOvertaking(productOf({}), renamed, (client) => cacheChanged(client, renamed));
  expect(product?.title).toBe("Blue mug");
});
