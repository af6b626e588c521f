/**
 * Measured and required figures of a check, formatted in the page's language where the server sends plain numbers.
 */
import type { Schemas } from "@/api/client";
import type { enExport } from "@/shared/i18n/messages/en/export";

type Check = Schemas["Check"];
type Figures = { found: string; limit: string };

/** Figures of a measured check. */
export function figuresOf(check: Check, words: typeof enExport): Figures {
  const { figures } = words;
  const facts = check.facts ?? {};
  const plain = { found: check.measured ?? "", limit: check.limit ?? "–" };
  switch (check.rule) {
    case "subject_whole":
      return {
        // Completeness of the product needs a person where its cut-out is doubtful.
        found: check.measured === "✗" ? figures.cut : figures.whole,
        limit: figures.mustBeWhole,
      };
    case "camera_data":
      return { found: check.verdict === "pass" ? figures.none : plain.found, limit: figures.mustBeNone };
    case "provenance": {
      const sources: Readonly<Record<string, string>> = words.sources;
      return { found: sources[plain.found] ?? plain.found, limit: figures.mustBeTold };
    }
    case "white_ground":
    case "border_white": {
      const { white_share: share, lowest } = facts;
      if (typeof share !== "number" || typeof lowest !== "number") return plain;
      return { found: figures.white(percent(share, lowest === 255), lowest), limit: figures.mustBeWhite };
    }
    case "subject_share": {
      const { width_share: wide, height_share: tall } = facts;
      if (typeof wide !== "number" || typeof tall !== "number") return plain;
      return { ...plain, found: figures.share(Math.round(wide * 100), Math.round(tall * 100)) };
    }
    default:
      return plain;
  }
}

/** Never rounds up to 100% when some pixels are not white. */
const percent = (share: number, isAll: boolean) =>
  isAll ? "100%" : `${Math.min(99.9, Math.floor(share * 1000) / 10).toFixed(1)}%`;
