/** Follows the space key outside of controls. Returns whether it is held. */
export function spaceKey(signal: AbortSignal): () => boolean {
  let isHeld = false;
  const key = (event: KeyboardEvent) => {
    if (event.key !== " ") return;
    const onControl =
      event.target instanceof Element && event.target.closest("button, a, input, textarea, select");
    if (onControl) return;
    isHeld = event.type === "keydown";
    event.preventDefault();
  };
  window.addEventListener("keydown", key, { signal });
  window.addEventListener("keyup", key, { signal });
  // A key released in another window sends no event here.
  window.addEventListener("blur", () => (isHeld = false), { signal });
  return () => isHeld;
}
