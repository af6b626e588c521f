import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { SaveRecipe } from "@/shared/recipe/save-recipe";
import { ToastProvider } from "@/shared/ui/layers/toast";
import { problem } from "../problem";
import { serve } from "../server";
import { cacheWith, inPage } from "../page";

async function save(answer: () => unknown) {
  const calls = serve(answer);
  const saved = vi.fn();
  const client = cacheWith({ errors: [] });
  render(
    inPage(
      <ToastProvider>
        <SaveRecipe settings={{ variant_id: "var_1" }} onSaved={saved} />
      </ToastProvider>,
      { client },
    ),
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Save as recipe" }));
  await user.type(screen.getByLabelText("Recipe name"), " Spring {Enter}");
  return { calls, saved };
}

test("settings are saved as a recipe with the name that was typed", async () => {
  const { calls, saved } = await save(() => ({ id: "rcp_1" }));
  await waitFor(() => expect(saved).toHaveBeenCalledWith({ id: "rcp_1" }));
  expect(calls).toMatchObject([{ call: "POST /recipe", body: { variant_id: "var_1", name: "Spring" } }]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a name that could not be saved stays in its dialog with the reason, and can be sent again", async () => {
  const answers = [Response.json(problem("E_CONFLICT", 409), { status: 409 }), { id: "rcp_1" }];
  const { saved } = await save(() => answers.shift());
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText(/may have changed elsewhere/)).toBeVisible();
  const field = within(dialog).getByLabelText("Recipe name");
  expect(field).toHaveValue(" Spring ");
  expect(saved).not.toHaveBeenCalled();
  await userEvent.type(field, "{Enter}");
  await waitFor(() => expect(saved).toHaveBeenCalledWith({ id: "rcp_1" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});
