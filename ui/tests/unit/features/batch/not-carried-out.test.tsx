import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { NotCarriedOut } from "@/features/batch/components/not-carried-out";
import { inPage } from "../../page";

const told = (text: string) => ({
  text,
  reason: "not_possible" as const,
  suggestion: "Choose a scene, such as “in a garden”.",
  way_out: null,
});

test("words of a draft that are not carried out are named, and replaced where they were typed", () => {
  const change = vi.fn();
  render(
    inPage(
      <NotCarriedOut
        instructions={[
          { prompt: "warmer, add a cat", items: [0, 2], fails: false, told_back: [told("add a cat")] },
          { prompt: "add a dog", items: [1], fails: true, told_back: [told("add a dog")] },
        ]}
        own="warmer, add a cat "
        onChange={change}
      />,
    ),
  );
  const [typed, ofTable] = screen.getAllByRole("listitem").filter((row) => row.querySelector("ul"));
  expect(typed).toHaveTextContent("Part of the request cannot be carried out for 2 photos");
  expect(ofTable).toHaveTextContent("“add a dog” cannot be carried out; 1 photo will fail.");
  expect(ofTable).toHaveTextContent("Not possible here: “add a dog”.");
  // Those of the table are changed in the table.
  fireEvent.click(screen.getByRole("button"));
  expect(change).toHaveBeenCalledWith("warmer, in a garden");
});
