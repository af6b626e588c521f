/** File names: the server's default, the user's own, and the pattern saved for the next product. */
import { maxNameCharacters, maxProductCharacters } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";

/** Product title as it appears in file names. Mirrors the server's rule. */
function productOf(title: string): string {
  const plain = title.replaceAll(/\p{C}/gu, "").replaceAll(/[<>:"/\\|?*\s]+/g, "-");
  const short = Array.from(plain.replace(/^[-.=+@]+/, ""))
    .slice(0, maxProductCharacters)
    .join("");
  return short.replaceAll(/[-.]+$/g, "");
}

const skuOf = (title: string) => title.replaceAll(/[^\p{L}\p{N}]/gu, "");

/** File name without extension and part number, which the server adds itself. */
export const stemOf = ({ name, part }: Pick<Schemas["Export"], "name" | "part">): string =>
  name.replace(/\.[a-z]+$/, "").replace(part === null ? "" : /_p\d+$/, "");

/** True if the name is valid on every operating system. */
export function isUsable(name: string): boolean {
  const plain = name.trim().replace(/\.(jpe?g|png|webp|avif)$/i, "");
  return (
    /[\p{L}\p{N}]/u.test(plain) &&
    Array.from(plain).length <= maxNameCharacters &&
    !/[<>:"/\\|?*{}]|\p{C}/u.test(plain) &&
    !/^\.|\.$/.test(plain) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain)
  );
}

/** Returns the name with the product replaced by a placeholder, or null if the name does not contain the product. */
export function patternOf(name: string, title: string): string | null {
  const product = productOf(title);
  if (product && name.includes(product)) return name.replace(product, "{product}");
  const sku = skuOf(title);
  if (sku && name.includes(sku)) return name.replace(sku, "{sku}");
  return null;
}

/** True if the title looks like an article number, which some shops require as file name. */
export const isArticleNumber = (title: string): boolean => /^[A-Za-z0-9][A-Za-z0-9 _-]{2,}$/.test(title);
