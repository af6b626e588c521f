import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { SaveRecipe } from "@/shared/recipe/save-recipe";
import { ToastProvider } from "@/shared/ui/layers/toast";
import { problem } from "../problem";
import { serve } from "../server";
import { cacheWith, inPage } from "../page";

async function save(errorBeside: boolean, answer: () => unknown) {
  const calls = serve(answer);
  const saved = vi.fn();
  const client = cacheWith({ errors: [] });
  render(
    inPage(
      <ToastProvider>
        <section>
          <SaveRecipe settings={{ variant_id: "var_1" }} errorBeside={errorBeside} onSaved={saved} />
        </section>
      </ToastProvider>,
      { client },
    ),
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Save as recipe" }));
  await user.type(screen.getByLabelText("Name of the recipe"), " Spring {Enter}");
  return { calls, saved };
}

test("settings are saved as a recipe with the name that was typed", async () => {
  const { calls, saved } = await save(false, () => ({ id: "rcp_1" }));
  await waitFor(() => expect(saved).toHaveBeenCalledWith({ id: "rcp_1" }));
  expect(calls).toMatchObject([{ call: "POST /recipe", body: { variant_id: "var_1", name: "Spring" } }]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test.each([true, false])("an error of saving is shown beside the button: %s", async (errorBeside) => {
  const refusal = () => Response.json(problem("E_CONFLICT", 409), { status: 409 });
  const { saved } = await save(errorBeside, refusal);
  const shown = await screen.findByText(/It changed elsewhere/);
  expect(shown.closest("section") !== null).toBe(errorBeside);
  expect(saved).not.toHaveBeenCalled();
});
