/** What the browser keeps of the page's choices, read before the page is there. */

export function stored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`stillroom.${key}`) ?? "null");
  } catch {
    return null;
  }
}
