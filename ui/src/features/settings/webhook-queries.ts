/** Queries for webhooks and their deliveries. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";

export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["WebhookDelivery"];

export const eventNames: Schemas["WebhookEvent"][] = [
  "job.succeeded",
  "job.failed",
  "batch.finished",
  "batch.item.needs_review",
  "export.ready",
];

const LOOK_AGAIN_MS = 3000;

/** An owner has at most ten webhooks, so one page holds all. */
export const webhooksQuery = queryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ signal }) => unwrap(api.GET("/webhook", { signal })),
});

/** Latest deliveries, polled while they are visible. */
export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", id],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/webhook/{webhook_id}/delivery", { params: { path: { webhook_id: id } }, signal })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const addWebhook = (body: Schemas["NewWebhook"]) => unwrap(api.POST("/webhook", { body }));

export const removeWebhook = (id: string) =>
  unwrap(api.DELETE("/webhook/{webhook_id}", { params: { path: { webhook_id: id } } }));

export const testWebhook = (id: string) =>
  unwrap(api.POST("/webhook/{webhook_id}/test", { params: { path: { webhook_id: id } } }));

export const replayDelivery = (id: string, n: number) =>
  unwrap(api.POST("/webhook/{webhook_id}/delivery/{n}/replay", { params: { path: { webhook_id: id, n } } }));
