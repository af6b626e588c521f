/** What files are called: the server's name, the user's own, and the pattern that is kept for the next product. */
import type { Schemas } from "@/api/client";

const MAX_PRODUCT = 60;
const MAX_NAME = 80;

/** A product's title as it stands in file names; the server's rule. */
function productOf(title: string): string {
  const plain = title.replaceAll(/\p{C}/gu, "").replaceAll(/[<>:"/\\|?*\s]+/g, "-");
  const short = Array.from(plain.replaceAll(/^[-.]+|[-.]+$/g, ""))
    .slice(0, MAX_PRODUCT)
    .join("");
  return short.replaceAll(/[-.]+$/g, "");
}

const skuOf = (title: string) => title.replaceAll(/[^\p{L}\p{N}]/gu, "");

/** Name without extension, and without the number of a piece, which the server puts there itself. */
export const stemOf = ({ name, part }: Pick<Schemas["Export"], "name" | "part">): string =>
  name.replace(/\.[a-z]+$/, "").replace(part === null ? "" : /_p\d+$/, "");

/** Whether every system can keep a file of that name. */
export function isUsable(name: string): boolean {
  const plain = name.trim().replace(/\.(jpe?g|png|webp|avif)$/i, "");
  return (
    /[\p{L}\p{N}]/u.test(plain) &&
    Array.from(plain).length <= MAX_NAME &&
    !/[<>:"/\\|?*{}]|\p{C}/u.test(plain) &&
    !/^\.|\.$/.test(plain) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain)
  );
}

/** The name with the product taken out, for the next product; null when it names this one in no way we know. */
export function patternOf(name: string, title: string): string | null {
  const product = productOf(title);
  if (product && name.includes(product)) return name.replace(product, "{product}");
  const sku = skuOf(title);
  if (sku && name.includes(sku)) return name.replace(sku, "{sku}");
  return null;
}

/** Whether a shop that goes by article numbers would know the product by this title. */
export const isArticleNumber = (title: string): boolean => /^[A-Za-z0-9][A-Za-z0-9 _-]{2,}$/.test(title);
