import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Defaults } from "@/features/settings/components/defaults";
import { useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { cacheWith, inPage } from "../../page";

const platform = (id: string, en: string) => ({ id, name: { en, zh: en } });

/** What a new product would begin with. */
function Beginning() {
  const [candidates] = useCandidates();
  const [chosen] = usePlatform();
  return <output>{`${candidates}, ${chosen ?? "none"}`}</output>;
}

function open(platforms: object[]) {
  const client = cacheWith({ platforms });
  return render(
    inPage(
      <>
        <Defaults />
        <Beginning />
      </>,
      { client },
    ),
  );
}

test("what is chosen in the settings is what new work begins with, as long as the server knows the shop", async () => {
  const user = userEvent.setup();
  const shown = open([platform("etsy", "Etsy"), platform("ebay", "eBay")]);
  expect(screen.getByRole("status")).toHaveTextContent("3, none");
  await user.selectOptions(screen.getByRole("combobox", { name: "Platform" }), "Etsy");
  await user.click(screen.getByRole("radio", { name: "2" }));
  expect(screen.getByRole("status")).toHaveTextContent("2, etsy");
  shown.unmount();

  open([platform("ebay", "eBay")]);
  expect(screen.getByRole("status")).toHaveTextContent("2, none");
});
