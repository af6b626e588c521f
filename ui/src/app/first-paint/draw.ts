/** Draws the home screen from the page's templates, to be looked at until React has drawn the same. */
import type { Schemas } from "@/api/client";
import { faceOf, FEW } from "@/features/library/shelf";
import { stored } from "./stored";

type Page = Schemas["SessionPage"];

/** So many pictures are on a phone's first screen. */
const PICTURES = 6;

/** Ends when it is on the screen. */
export async function draw(page: Page): Promise<void> {
  const root = document.getElementById("root");
  const bar = template("bar");
  const main = template(page.items.length > 0 ? "shelf" : "day");
  if (!root || root.hasChildNodes() || !bar || !main) return;
  const theme = stored("theme");
  const shown = theme === "light" || theme === "dark" ? theme : "system";
  for (const button of bar.querySelectorAll<HTMLElement>("[data-theme-of]")) {
    if (button.dataset.themeOf !== shown) button.remove();
  }
  if (page.items.length > 0) fill(main, page);
  const view = document.createElement("div");
  view.className = "contents";
  // To be looked at only: what can be pressed and read aloud is React's.
  view.inert = true;
  view.append(bar, main);
  root.append(view);
  const pictures = [...view.querySelectorAll("img")].slice(0, PICTURES);
  await Promise.allSettled(pictures.map((picture) => picture.decode()));
  await nextFrame();
  // What the first frame drew is on the screen when the second begins.
  await nextFrame();
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

function template(name: string): DocumentFragment | null {
  const found = document.getElementById(`first-${name}-${document.documentElement.lang}`);
  return found instanceof HTMLTemplateElement ? (found.content.cloneNode(true) as DocumentFragment) : null;
}

function fill(main: DocumentFragment, page: Page): void {
  const heading = main.querySelector("h1");
  const count = heading?.querySelector("span");
  if (page.next_cursor === null) count?.replaceChildren(String(page.items.length));
  else count?.remove();
  if (page.items.length < 2) heading?.nextElementSibling?.remove();
  if (page.items.length < FEW) main.querySelector("main > :last-child")?.classList.remove("sm:hidden");
  const list = main.querySelector("h1")?.closest("section")?.querySelector("ul");
  const pattern = list?.firstElementChild;
  if (!list || !pattern) return;
  // Only the server's own order is known here.
  const isAsListed = stored("library-order") !== "name";
  list.replaceChildren(
    ...page.items.map((session) => {
      const card = pattern.cloneNode(true) as HTMLElement;
      const image = card.querySelector("img");
      const title = card.querySelector("p");
      if (!isAsListed) {
        image?.remove();
        title?.replaceChildren("\u00a0");
        return card;
      }
      if (image) image.src = faceOf(session).thumbnail_url;
      image?.classList.remove("opacity-0");
      if (session.title) title?.replaceChildren(session.title);
      return card;
    }),
  );
}
