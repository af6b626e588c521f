/** Files to choose from, by shop: the box of a row ticks it, its name shows it and ticks nothing. */
import type { Schemas } from "@/api/client";
import { useExportSpeech } from "../speech";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import type { Verdict } from "../checks";
import { sizeOf, webSizesOf, type PresetGroup } from "../presets";
import { VerdictSign } from "./verdict-sign";

type PresetListProps = {
  groups: readonly PresetGroup[];
  ticked: ReadonlySet<string>;
  verdicts: ReadonlyMap<string, Verdict | null>;
  focused: string | null;
  onToggle: (presets: readonly string[], on: boolean) => void;
  onFocus: (preset: string) => void;
};

export function PresetList({ groups, verdicts, ticked, focused, onToggle, onFocus }: PresetListProps) {
  const { t, say } = useExportSpeech();
  return (
    <div className="flex flex-col gap-4 max-sm:flex-row max-sm:gap-2">
      {groups.map((group) => (
        <section key={group.id} className="max-sm:contents">
          <div className="flex items-baseline justify-between gap-2 px-2 pb-1 max-sm:contents">
            <h3 className="text-caption text-ink-2 max-sm:hidden">
              {group.name ? say(group.name) : t.export.general}
            </h3>
            <BothWebSizes
              group={group}
              ticked={ticked}
              onTick={(ids) => onToggle(ids, true)}
              onFocus={onFocus}
            />
          </div>
          <ul className="max-sm:contents">
            {group.presets.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                ticked={ticked.has(preset.id)}
                focused={preset.id === focused}
                verdict={verdicts.get(preset.id) ?? null}
                onToggle={(on) => onToggle([preset.id], on)}
                onFocus={() => onFocus(preset.id)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

type BothWebSizesProps = {
  group: PresetGroup;
  ticked: ReadonlySet<string>;
  onTick: (presets: readonly string[]) => void;
  onFocus: (preset: string) => void;
};

/** The two files that a shop of one's own needs, by one press; nothing where they are ticked already. */
function BothWebSizes({ group, ticked, onTick, onFocus }: BothWebSizesProps) {
  const { t } = useExportSpeech();
  const sizes = webSizesOf(group.presets);
  const [first] = sizes;
  if (sizes.length < 2 || !first || sizes.every((id) => ticked.has(id))) return null;
  return (
    <Button
      size="small"
      weight="text"
      className="-mr-2 max-sm:mr-0 max-sm:h-11 max-sm:shrink-0"
      onClick={() => {
        onTick(sizes);
        onFocus(first);
      }}
    >
      {t.export.bothWebSizes}
    </Button>
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
        className="pointer-coarse:min-w-8"
        onChange={(on) => {
          onToggle(on);
          // Who takes a file away goes on looking at the one on show.
          if (on) onFocus();
        }}
      >
        <span className="sr-only">{say(preset.name)}</span>
      </Checkbox>
      <button
        type="button"
        aria-pressed={focused}
        onClick={onFocus}
        className="flex h-full min-w-0 flex-1 items-center justify-between gap-2 text-left whitespace-nowrap"
      >
        <span className={focused ? "font-semibold" : ""}>{say(preset.name)}</span>
        <span className="text-caption leading-tight text-ink-2 max-sm:hidden">
          {sizeOf(preset, t.export)}
        </span>
      </button>
      <span className="grid w-4 place-items-center max-sm:hidden">
        {verdict && <VerdictSign verdict={verdict} />}
      </span>
    </li>
  );
}
