/**
 * Stands in the page itself and runs before anything else is there: the stored theme and language do not flash, and what
 * the first screen shows is asked for, and drawn, while React is still on its way.
 */
import type { Early } from "@/api/early";
import type { Schemas } from "@/api/client";
import { FIRST_LIST } from "@/features/library/addresses";
import { draw } from "./draw";
import { stored } from "./stored";

const root = document.documentElement;
const theme = stored("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
const locale = stored("locale");
root.lang = /^zh/i.test(typeof locale === "string" ? locale : navigator.language) ? "zh-CN" : "en";

const early: Early = { answers: new Map(), bodies: new Map(), over: false, seen: Promise.resolve() };
window.early = early;

async function ask(address: string): Promise<unknown> {
  const answer = fetch(address, { credentials: "same-origin", headers: { "Accept-Language": root.lang } });
  early.answers.set(address, answer);
  try {
    const response = await answer;
    if (!response.ok) return null;
    const json: unknown = await response.clone().json();
    if (early.over) return null;
    early.bodies.set(address, { json, at: Date.now() });
    return json;
  } catch {
    // Whoever asks again is told.
    return null;
  }
}

const { pathname } = window.location;
if (pathname === "/") {
  early.seen = ask(FIRST_LIST).then((page) => (page ? draw(page as Schemas["SessionPage"]) : undefined));
  // Whoever had products here will most likely not see it.
  if (!Number(stored("library-count"))) {
    for (const half of ["after", "before"]) new Image().src = `/samples/hero-${half}.webp`;
  }
}
if (/^\/studio\/ses_\w+$/.test(pathname)) void ask(pathname.replace("/studio", "/session"));
void ask("/config");
