/** Requests that uploads send to the server. */
import { api, unwrap, type Schemas } from "@/api/client";
import { untilReachable } from "@/api/connectivity";
import { upload } from "@/api/upload";

export const server = {
  upload,
  untilReachable,
  openSession: (body: Schemas["SessionRequest"]) => unwrap(api.POST("/session", { body })),
  addToBatch: (batch: string, items: Schemas["MoreItems"]["items"], key: string) =>
    unwrap(
      api.POST("/batch/{batch_id}/item", {
        params: { path: { batch_id: batch }, header: { "idempotency-key": key } },
        body: { items },
      }),
    ),
};
export type Server = typeof server;
