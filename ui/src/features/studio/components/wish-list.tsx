/** Standing wishes, which apply to every turn: edit in place, remove, add. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ProblemError } from "@/api/problems";
import { useTranslation } from "@/shared/i18n/translation";
import { usePromptLimit } from "@/shared/hooks/use-config";
import { CallProblem, ErrorLine, useProblemText } from "@/shared/ui/call-problem";
import { IconButton } from "@/shared/ui/button";
import { Toolbar } from "@/shared/ui/toolbar";
import { Icon } from "@/shared/ui/icon";
import type { WishesState } from "../hooks/use-wishes";
import type { Wish } from "../wishes";

/** Id of the line for a new wish. */
const NEW = "new";

type WishListProps = {
  state: WishesState;
  /** True if the container has a title already. */
  untitled?: boolean;
};

export function WishList({ state, untitled = false }: WishListProps) {
  const { t, say } = useTranslation();
  const { wishes } = state;
  const [begun, setEditing] = useState<string | null>(null);
  // Another picture may come onto the stage that does not have the wish.
  const editing = begun === NEW || wishes.some(({ id }) => id === begun) ? begun : null;
  const list = useRef<HTMLUListElement>(null);

  const begin = (id: string) => {
    state.forget();
    setEditing(id);
  };
  // Moves the focus to the list, because the control that had it is removed.
  const leave = () => {
    list.current?.focus();
    setEditing(null);
    state.forget();
  };
  const remove = (wish: Wish) => {
    list.current?.focus();
    state.remove(wish);
  };
  return (
    <Toolbar label={t.studio.wishes} className="px-5 pt-4 pb-3 max-sm:px-4">
      <div className="flex items-baseline justify-between gap-3 pb-1">
        {!untitled && <h2 className="text-body font-semibold">{t.studio.wishes}</h2>}
        <span className="text-caption text-ink-3">{t.studio.wishesApply}</span>
      </div>
      <ul ref={list} tabIndex={-1} aria-label={t.studio.wishes} className="outline-none">
        {wishes.map((wish) => (
          <li
            key={wish.id}
            className="flex min-h-10 items-center gap-2 border-b border-line py-1 last:border-b-0 pointer-coarse:min-h-12"
          >
            {editing === wish.id ? (
              <WishField
                value={wish.words ? say(wish.words) : wish.text}
                label={t.studio.wishEdit}
                state={state}
                onSave={(text) => state.edit(wish.id, text, leave)}
                onLeave={leave}
              />
            ) : (
              <Line wish={wish} onEdit={() => begin(wish.id)} onRemove={() => remove(wish)} />
            )}
          </li>
        ))}
      </ul>
      {state.measured.length > 0 && (
        <p className="pt-1.5 text-caption text-ink-2">
          {t.studio.alsoKept(state.measured.join(t.common.dot))}
        </p>
      )}
      {editing === NEW ? (
        <WishField
          value=""
          label={t.studio.wishNew}
          state={state}
          onSave={(text) => state.add(text, leave)}
          onLeave={leave}
        />
      ) : (
        <button
          type="button"
          onClick={() => begin(NEW)}
          className="flex min-h-8 items-center gap-1.5 text-data font-medium text-accent pointer-coarse:min-h-11"
        >
          <Icon name="add" size={14} />
          {t.studio.wishAdd}
        </button>
      )}
      {editing === null && <CallProblem error={state.error} />}
    </Toolbar>
  );
}

const small = { size: 14, className: "size-8" } as const;

type LineProps = { wish: Wish; onEdit: () => void; onRemove: () => void };

function Line({ wish, onEdit, onRemove }: LineProps) {
  const { t, say } = useTranslation();
  const text = wish.words ? say(wish.words) : wish.text;
  const when = wish.locked
    ? t.studio.always
    : wish.turn === 0
      ? t.studio.wishByHand
      : t.studio.wishTurn(wish.turn);
  return (
    <>
      {wish.locked && <Icon name="lock" size={14} className="text-ink-2" />}
      <span className="min-w-0 flex-1 break-words">{text}</span>
      <span className="shrink-0 text-caption text-ink-3">{when}</span>
      {!wish.locked && (
        <span className="-mr-2 flex shrink-0">
          <IconButton {...small} name="edit" label={t.studio.wishEditThis(text)} onClick={onEdit} />
          <IconButton {...small} name="close" label={t.studio.wishRemoveThis(text)} onClick={onRemove} />
        </span>
      )}
    </>
  );
}

type WishFieldProps = {
  value: string;
  label: string;
  state: WishesState;
  onSave: (text: string) => void;
  onLeave: () => void;
};

/** Text field of a wish: Enter saves, Esc cancels. */
function WishField({ value, label, state, onSave, onLeave }: WishFieldProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const limit = usePromptLimit();
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const refused = state.error instanceof ProblemError && state.error.code === "E_PROMPT_INVALID";
  const empty = text.trim() === "";
  const save = () => {
    if (state.saving || empty) return;
    if (text.trim() === value) onLeave();
    else onSave(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter confirms an input method's composition here and must not save.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      save();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      // Otherwise it also closes the sheet around, on a phone.
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1 py-1">
      <div className="flex items-center gap-1">
        <input
          ref={field}
          value={text}
          maxLength={Number.isFinite(limit) ? limit : undefined}
          aria-label={label}
          aria-invalid={refused || undefined}
          placeholder={label}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-8 min-w-0 flex-1 rounded-control border border-line-strong bg-field px-2.5 text-body pointer-coarse:h-11"
        />
        <IconButton {...small} name="adopt" label={t.common.save} onClick={save} />
        <IconButton {...small} name="close" label={t.common.cancel} onClick={onLeave} />
      </div>
      {refused ? <ErrorLine>{problemText(state.error)}</ErrorLine> : <CallProblem error={state.error} />}
    </div>
  );
}
