/** What a screen shows of a photo on its way in. */
import type { Schemas } from "@/api/client";
import type { ProblemError } from "@/api/problems";
import type { Refusal } from "./check-file";
import type { KeptPhoto, Photo } from "./photo-store";

type Session = Schemas["Session"];
type Image = Pick<Schemas["Image"], "id" | "thumbnail_url">;

export type UploadRow = {
  id: string;
  name: string;
  preview: string;
  state:
    | "checking"
    | "waiting"
    | "offline"
    | "away"
    | "shrinking"
    | "sending"
    | "opening"
    | "ready"
    | "refused"
    | "failed"
    | "canceled"
    | "done";
  percent: number;
  refusal: Refusal | null;
  error: ProblemError | null;
  /** The browser could not open it to make it smaller. */
  notShrunk: boolean;
  /** Bytes before and after it was made smaller here. */
  shrunk: { from: number; to: number } | null;
  firstFrameOnly: boolean;
  /** There was no room to keep it, so it is lost with the tab. */
  unkept: boolean;
  /** The product it became, or was. */
  session: Session | null;
  /** Null for a product of its own. */
  batch: string | null;
  /** What the server has of it. */
  image: Image | null;
  sessionId: string | null;
};

/** A photo that did not come in, and why. */
export type Missed = Pick<UploadRow, "name" | "refusal" | "error">;

/** A photo's name without the ending of its file, as long as a title may be. */
export const nameOf = ({ name }: { name: string }) => name.replace(/\.[^.]+$/, "").slice(0, 120);

/** The server did not answer, says that it may go next time, or did not know who asks. */
export const canGoAgain = ({ problem, code }: ProblemError) =>
  problem === null || problem.retryable || problem.status >= 502 || code === "E_UNAUTHORIZED";

/** The row that a photo begins with. */
export function rowOf(photo: Photo & Partial<KeptPhoto>, id: string): UploadRow {
  const { file, batch, image = null, sessionId = null } = photo;
  return {
    id,
    name: file.name,
    preview: image?.thumbnail_url ?? URL.createObjectURL(file),
    state: "checking",
    percent: 0,
    refusal: null,
    error: null,
    notShrunk: false,
    shrunk: null,
    firstFrameOnly: false,
    unkept: false,
    session: null,
    ...{ batch, image, sessionId },
  };
}
