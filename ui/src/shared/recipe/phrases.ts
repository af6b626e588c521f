/** Putting phrases into an instruction and taking them out again, with the commas that belong to them. */

const comma = /\s*[,，、]\s*/;
const edge = /^[\s,，、]+|[\s,，、]+$/g;

const parts = (text: string) => text.split(comma).map((part) => part.trim().toLowerCase());

/** Whether a phrase stands in the text as a part of its own. */
export const containsPhrase = (text: string, phrase: string) =>
  parts(text).includes(phrase.trim().toLowerCase());

/** Takes a phrase out, with one comma beside it. */
export function withoutPhrase(text: string, phrase: string, joiner: string): string {
  const wanted = phrase.trim().toLowerCase();
  return text
    .split(comma)
    .filter((part) => part.trim() !== "" && part.trim().toLowerCase() !== wanted)
    .join(joiner);
}

/** Puts a phrase at the caret, with commas where it meets other words; tells where the caret then stands. */
export function withPhrase(
  text: string,
  phrase: string,
  caret: number,
  joiner: string,
): { text: string; caret: number } {
  const before = text.slice(0, caret).replace(edge, "");
  const after = text.slice(caret).replace(edge, "");
  const head = before ? `${before}${joiner}${phrase}` : phrase;
  return { text: after ? `${head}${joiner}${after}` : head, caret: head.length };
}
