import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { SubjectChoice } from "@/features/cutout/subject-choice";
import { type Locale } from "@/shared/i18n/translation";
import { inPage } from "../../page";
import { subject } from "./subject";

const open = (locale: Locale, ids: readonly string[], busy = false) => {
  const toggle = vi.fn();
  const matte = {
    width: 400,
    height: 300,
    certain: false,
    subjects: ids.map((id) => subject(id, id === "s1")),
  } as Schemas["Matte"];
  const photo = { thumbnail_url: "/image/ast_1?size=thumb" } as Schemas["Image"];
  const choice = <SubjectChoice matte={matte} photo={photo} chosen={["s1"]} busy={busy} onToggle={toggle} />;
  return { ...render(inPage(choice, { locale })), toggle };
};

test.each([
  ["en", "Which one is the product?", "Object 2"],
  ["zh", "哪个是产品？", "物品 2"],
] as const)(
  "an uncertain cut-out asks in %s which object is the product",
  async (locale, question, second) => {
    const { toggle } = open(locale, ["s1", "s2"]);
    expect(screen.getByRole("region", { name: question })).toBeVisible();
    expect(screen.getAllByRole("button", { pressed: true })).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: second, pressed: false }));
    expect(toggle).toHaveBeenCalledWith("s2");
  },
);

test("a photo with one object asks nothing", () => {
  expect(open("en", ["s1"]).container).toBeEmptyDOMElement();
});

test("a choice that is being cut out says so beside the objects", () => {
  open("en", ["s1", "s2"], true);
  expect(screen.getByRole("region")).toHaveTextContent("Cutting it out");
});
