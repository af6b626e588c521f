/** An object in a photo, as the server finds it. */
import type { Schemas } from "@/api/client";

export const subject = (id: string, chosen: boolean): Schemas["Subject"] => ({
  ...{ id, chosen, share: 0.04, score: 0.5, outline_url: `/image/mat_1?subject=${id}` },
  box: { x: 0.1, y: 0.1, w: 0.2, h: 0.2 },
});
