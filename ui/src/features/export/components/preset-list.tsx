/** Files to choose from, by shop; a row is ticked by its box and looked at by its name. */
import type { Schemas } from "@/api/client";
import { useExportSpeech } from "../speech";
import { Checkbox } from "@/shared/ui/checkbox";
import type { Verdict } from "../checks";
import { sizeOf, type PresetGroup } from "../presets";
import { VerdictSign } from "./verdict-sign";

type PresetListProps = {
  groups: readonly PresetGroup[];
  ticked: ReadonlySet<string>;
  verdicts: ReadonlyMap<string, Verdict | null>;
  focused: string | null;
  onToggle: (preset: string, on: boolean) => void;
  onFocus: (preset: string) => void;
};

export function PresetList({ groups, verdicts, ticked, focused, onToggle, onFocus }: PresetListProps) {
  const { t, say } = useExportSpeech();
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

type PresetRowProps = {
  preset: Schemas["ExportPreset"];
  ticked: boolean;
  focused: boolean;
  verdict: Verdict | null;
  onToggle: (on: boolean) => void;
  onFocus: () => void;
};

function PresetRow({ preset, ticked, focused, verdict, onToggle, onFocus }: PresetRowProps) {
  const { t, say } = useExportSpeech();
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
        className="h-full min-w-0 flex-1 text-right text-caption leading-tight whitespace-nowrap text-ink-2 max-sm:hidden"
      >
        {sizeOf(preset, t.export)}
      </button>
      <span className="grid w-4 place-items-center max-sm:hidden">
        {verdict && <VerdictSign verdict={verdict} />}
      </span>
    </li>
  );
}
