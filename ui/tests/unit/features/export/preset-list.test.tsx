import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { PresetList } from "@/features/export/components/preset-list";
import { inPage } from "../../page";

const preset = (id: string, name: string, platform = "web") => ({
  id,
  platform,
  name: { zh: name, en: name },
  canvas: { width: 1000, height: 1000 },
  formats: ["jpeg"],
});
const groups = [
  {
    id: "web",
    name: null,
    presets: [
      preset("web-1080", "Web 1080"),
      preset("web-1500", "Web 1500"),
      preset("web-avif", "Web AVIF"),
    ] as unknown as Schemas["ExportPreset"][],
  },
];

function List({ first }: { first: string[] }) {
  const [ticked, setTicked] = useState<readonly string[]>(first);
  const [focused, setFocused] = useState("web-1080");
  return inPage(
    <>
      <PresetList
        groups={groups}
        ticked={new Set(ticked)}
        verdicts={new Map()}
        focused={focused}
        onToggle={(ids, on) =>
          setTicked((now) => [...now.filter((id) => !ids.includes(id)), ...(on ? ids : [])])
        }
        onFocus={setFocused}
      />
      <output>{`${[...ticked].sort().join()} / ${focused}`}</output>
    </>,
  );
}

const user = userEvent.setup();
const state = () => screen.getByRole("status").textContent;
const box = (name: string) => screen.getByRole("checkbox", { name });

beforeEach(() => {
  localStorage.clear();
});

test("a look at a preset ticks and unticks nothing", async () => {
  render(<List first={["web-1080"]} />);
  await user.click(screen.getByRole("button", { name: /^Web 1500/ }));
  expect(state()).toBe("web-1080 / web-1500");
  await user.click(screen.getByText("Web 1080", { selector: "button span" }));
  expect(state()).toBe("web-1080 / web-1080");
});

test("a ticked preset is shown, and one that is unticked leaves the view alone", async () => {
  render(<List first={["web-1080"]} />);
  await user.click(box("Web AVIF"));
  expect(state()).toBe("web-1080,web-avif / web-avif");
  await user.click(box("Web 1080"));
  expect(state()).toBe("web-avif / web-avif");
});

test("one press ticks both web sizes, and is gone once they are", async () => {
  render(<List first={[]} />);
  await user.click(screen.getByRole("button", { name: "Both web sizes" }));
  expect(state()).toBe("web-1080,web-1500 / web-1080");
  expect(screen.queryByRole("button", { name: "Both web sizes" })).toBeNull();
});

test("words narrow the list", async () => {
  render(<List first={[]} />);
  await user.type(screen.getByRole("searchbox", { name: "Find a shop or size" }), "avif");
  expect(screen.getAllByRole("checkbox")).toHaveLength(1);
});

test("a row is one stop of the tab key, where the enter key shows the preset and ticks nothing", async () => {
  render(<List first={["web-1080"]} />);
  box("Web 1080").focus();
  await user.tab();
  expect(box("Web 1500")).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(state()).toBe("web-1080 / web-1500");
  await user.keyboard(" ");
  expect(state()).toBe("web-1080,web-1500 / web-1500");
});
