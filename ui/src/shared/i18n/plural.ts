/** English plurals and ordinals. */
const counts = new Intl.PluralRules("en");
const ranks = new Intl.PluralRules("en", { type: "ordinal" });
const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

/** `plural(2, "file", "files")` is "2 files". */
export const plural = (n: number, one: string, other: string) =>
  `${n} ${counts.select(n) === "one" ? one : other}`;

/** `nth(2)` is "2nd". */
export const nth = (n: number) => `${n}${endings[ranks.select(n)] ?? "th"}`;
