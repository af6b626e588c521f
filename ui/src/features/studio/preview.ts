/** Previews: small pictures that the server renders without storing them. */
import { api, unwrap, type Schemas } from "@/api/client";

/** Returns a data URL, which needs no revocation. */
export async function fetchPreview(
  body: Schemas["PreviewRequest"],
  signal: AbortSignal | null = null,
): Promise<string> {
  const picture = await unwrap(api.POST("/preview", { body, parseAs: "blob", signal }));
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => fail(new Error("unreadable"));
    reader.readAsDataURL(picture);
  });
}
