/** Alt text and listing title in both languages: typed by the user, or suggested by a vision model. */
import { altTextBounds, titleBounds } from "@/api/bounds.gen";
import { useId, useState } from "react";
import type { Schemas } from "@/api/client";
import { dollars } from "@/shared/format";
import { Button } from "@/shared/ui/button";
import { CallProblem, ErrorLine } from "@/shared/ui/call-problem";
import { CopyButton } from "@/shared/ui/copy-button";
import { Icon } from "@/shared/ui/icon";
import { Segment } from "@/shared/ui/segment";
import type { ListingState } from "../hooks/use-listing";
import { failureOf, isEmpty, languageOf, type Language } from "../listing";
import { useExportTranslation } from "../translation";

type ListingWordsProps = { listing: ListingState; reader: Schemas["ReaderState"] | null };

export function ListingWords({ listing, reader }: ListingWordsProps) {
  const { t, locale } = useExportTranslation();
  const id = useId();
  const { words } = listing;
  const [open, setOpen] = useState(!isEmpty(words));
  const [language, setLanguage] = useState<Language>(() => languageOf(words, locale));
  const set = (part: "title" | "alt_text", text: string) =>
    listing.type({ ...words, [part]: { ...words[part], [language]: text } });
  const field = { language, onChange: set };
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-4">
      <h3 className="text-body font-semibold">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex items-center gap-1.5 rounded-tag pointer-coarse:min-h-11"
        >
          {t.export.listing.title}
          <Icon name={open ? "down" : "right"} size={14} />
        </button>
      </h3>
      <div id={id} hidden={!open} className="flex flex-col gap-3 [&[hidden]]:hidden">
        <p className="text-data text-ink-2">{t.export.listing.hint}</p>
        {reader?.sees_photos && <Suggesting listing={listing} reader={reader} />}
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <Segment
            size="small"
            label={t.export.listing.language}
            choices={[
              { value: "zh", label: t.export.listing.languages.zh },
              { value: "en", label: t.export.listing.languages.en },
            ]}
            value={language}
            onChange={setLanguage}
          />
          <p role="status" className="text-caption text-ink-2">
            {listing.isSaving ? t.export.listing.saving : listing.isSaved ? t.export.listing.saved : ""}
          </p>
        </div>
        <Field {...field} part="title" label={t.export.listing.listingTitle} value={words.title[language]} />
        <Field {...field} part="alt_text" label={t.export.listing.altText} value={words.alt_text[language]} />
        <CallProblem error={listing.saveError} />
      </div>
    </section>
  );
}

const priced = (usd: number | null) => (usd === null ? null : dollars(usd));

function Suggesting({ listing, reader }: { listing: ListingState; reader: Schemas["ReaderState"] }) {
  const { t } = useExportTranslation();
  const { suggestion, suggestError } = listing;
  const failure = failureOf(suggestError);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" icon="optimise" disabled={listing.isSuggesting} onClick={listing.suggest}>
          {listing.isSuggesting ? t.export.listing.suggesting : t.export.listing.suggest}
        </Button>
        {suggestion && (
          <Button size="small" weight="text" icon="undo" onClick={listing.undo}>
            {t.export.listing.undo}
          </Button>
        )}
      </div>
      <p role="status" className="text-caption break-words text-ink-2">
        {suggestion
          ? t.export.listing.suggested(suggestion.model, priced(suggestion.cost_usd))
          : t.export.listing.sends(reader.host, priced(reader.description_usd))}
      </p>
      {failure ? (
        <ErrorLine>{t.export.listing.failed[failure]}</ErrorLine>
      ) : (
        <CallProblem error={suggestError} />
      )}
    </div>
  );
}

type FieldProps = {
  part: "title" | "alt_text";
  label: string;
  value: string;
  language: Language;
  onChange: (part: "title" | "alt_text", text: string) => void;
};

function Field({ part, label, value, language, onChange }: FieldProps) {
  const { t } = useExportTranslation();
  const id = useId();
  const isTitle = part === "title";
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-data text-ink-2">
          {label}
        </label>
        {value !== "" && <CopyButton text={value} label={t.export.listing.copy(label)} />}
      </div>
      <textarea
        id={id}
        lang={language === "zh" ? "zh-CN" : "en"}
        rows={isTitle ? 2 : 3}
        maxLength={(isTitle ? titleBounds : altTextBounds)[language].maxLength}
        value={value}
        placeholder={isTitle ? undefined : t.export.listing.altPlaceholder}
        onChange={(event) => onChange(part, event.target.value)}
        className="w-full resize-y rounded-control border border-line-strong bg-field px-2.5 py-1.5 text-body"
      />
    </div>
  );
}
