/** Files to choose from, by shop; a row is ticked by its box and looked at by its name. */
import { useQueries } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { Checkbox } from "@/shared/ui/checkbox";
import { worstOf, type Verdict } from "../checks";
import { sizeOf, type PresetGroup } from "../presets";
import { measuredQuery } from "../queries";
import { VerdictSign } from "./verdict-sign";

type PresetListProps = {
  variantId: string;
  groups: readonly PresetGroup[];
  ticked: ReadonlySet<string>;
  focused: string | null;
  onToggle: (preset: string, on: boolean) => void;
  onFocus: (preset: string) => void;
};

export function PresetList({ variantId, groups, ticked, focused, onToggle, onFocus }: PresetListProps) {
  const { t, say } = useSpeech();
  const verdicts = useVerdicts(variantId, ticked);
  return (
    <div className="flex flex-col gap-4 max-sm:flex-row max-sm:gap-2">
      {groups.map((group) => (
        <section key={group.id} className="max-sm:contents">
          <h3 className="px-2 pb-1 text-caption text-ink-2 max-sm:hidden">
            {group.name ? say(group.name) : t.export.general}
          </h3>
          <ul className="max-sm:contents">
            {group.presets.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                ticked={ticked.has(preset.id)}
                focused={preset.id === focused}
                verdict={verdicts.get(preset.id) ?? null}
                onToggle={(on) => onToggle(preset.id, on)}
                onFocus={() => onFocus(preset.id)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function useVerdicts(variantId: string, ticked: ReadonlySet<string>): Map<string, Verdict | null> {
  const ids = [...ticked];
  const results = useQueries({ queries: ids.map((id) => measuredQuery(variantId, id)) });
  return new Map(
    ids.map((id, index) => [id, worstOf((results[index]?.data ?? []).flatMap((file) => file.checks))]),
  );
}

type PresetRowProps = {
  preset: Schemas["ExportPreset"];
  ticked: boolean;
  focused: boolean;
  verdict: Verdict | null;
  onToggle: (on: boolean) => void;
  onFocus: () => void;
};

function PresetRow({ preset, ticked, focused, verdict, onToggle, onFocus }: PresetRowProps) {
  const { t, say } = useSpeech();
  return (
    <li
      className={`flex h-11 items-center gap-2 rounded-control px-2 max-sm:shrink-0 max-sm:border max-sm:px-2.5 ${
        focused
          ? "bg-accent-soft max-sm:border-accent"
          : "hover:bg-hover max-sm:border-line-2 max-sm:bg-field"
      }`}
    >
      <Checkbox
        checked={ticked}
        onChange={(on) => {
          onToggle(on);
          onFocus();
        }}
      >
        <span className={`whitespace-nowrap ${focused ? "font-semibold" : ""}`}>{say(preset.name)}</span>
      </Checkbox>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        onClick={onFocus}
        className="h-full min-w-0 flex-1 truncate text-right text-caption text-ink-2 max-sm:hidden"
      >
        {sizeOf(preset, t.export)}
      </button>
      <span className="grid w-4 place-items-center max-sm:hidden">
        {verdict && <VerdictSign verdict={verdict} />}
      </span>
    </li>
  );
}
