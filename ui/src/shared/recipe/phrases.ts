/** Inserts phrases into an instruction and removes them, with their commas. */

const comma = /\s*[,，、]\s*/;
const edge = /^[\s,，、]+|[\s,，、]+$/g;

const parts = (text: string) => text.split(comma).map((part) => part.trim().toLowerCase());

/** True if the phrase is a clause of the text. */
export const containsPhrase = (text: string, phrase: string) =>
  parts(text).includes(phrase.trim().toLowerCase());

/** Removes a phrase and one comma beside it. */
export function withoutPhrase(text: string, phrase: string, joiner: string): string {
  const wanted = phrase.trim().toLowerCase();
  return text
    .split(comma)
    .filter((part) => part.trim() !== "" && part.trim().toLowerCase() !== wanted)
    .join(joiner);
}

/** Inserts a phrase at the caret, with commas where needed. Returns the new caret position. */
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
